/** Names that a list of facts has at most. @internal */
export const MAX_FACTS = 24;
/** Rows of a table at most; the rest are in the JSON. @internal */
export const MAX_ROWS = 50;
const MAX_COLUMNS = 8;

/** A value that is one word, number or sentence. @internal */
export type Scalar = string | number | boolean | null;

/** How a JSON value is best read. @internal */
export type DocumentForm =
  | { kind: 'scalar'; value: Scalar }
  | { kind: 'list'; values: Scalar[] }
  | { kind: 'table'; columns: string[]; rows: Record<string, Scalar>[] }
  | {
      kind: 'object';
      facts: [string, Scalar][];
      parts: [string, unknown][];
    }
  | { kind: 'tree' };

/** Chooses how a JSON value is best read; `tree` for what is too wide or too mixed. @internal */
export function documentForm(json: unknown): DocumentForm {
  if (isScalar(json)) {
    return { kind: 'scalar', value: json };
  }
  if (Array.isArray(json)) {
    return formOfArray(json);
  }
  const entries = Object.entries(json as object);
  const facts = entries.filter((entry): entry is [string, Scalar] =>
    isScalar(entry[1]),
  );
  return entries.length <= MAX_FACTS
    ? {
        kind: 'object',
        facts,
        parts: entries.filter(([, value]) => !isScalar(value)),
      }
    : { kind: 'tree' };
}

function formOfArray(items: unknown[]): DocumentForm {
  if (items.every(isScalar)) {
    return { kind: 'list', values: items };
  }
  if (!items.every(isFlat)) {
    return { kind: 'tree' };
  }
  const columns = [...new Set(items.flatMap(item => Object.keys(item)))];
  return columns.length <= MAX_COLUMNS
    ? { kind: 'table', columns, rows: items }
    : { kind: 'tree' };
}

function isFlat(value: unknown): value is Record<string, Scalar> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(isScalar)
  );
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== 'object';
}

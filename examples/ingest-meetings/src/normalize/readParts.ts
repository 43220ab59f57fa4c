import { z } from 'zod';
import { type FieldPath, type Findings } from './Findings.ts';
import { storableText } from './storableText.ts';

/** The longest name of a person or workgroup, in UTF-16 units. */
export const MAX_NAME_LENGTH = 200;

/** True for a JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0) ||
    (isJsonObject(value) && Object.keys(value).length === 0)
  );
}

/** A short, one-line picture of a value for a message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  }
  if (value === null || typeof value !== 'object') {
    return String(value);
  }
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Makes text storable in Postgres: no NUL, no half of a surrogate pair. */
export function readText(
  value: string,
  path: FieldPath,
  findings: Findings,
): string {
  const trimmed = value.trim();
  const storable = storableText(trimmed);
  if (storable === trimmed) {
    return trimmed;
  }
  findings.warn(
    'unstorable-text',
    path,
    'Characters that Postgres cannot store are replaced; raw has them',
  );
  return storable;
}

/**
 * Reads the keys of an object one by one. A key of the wrong type is a warning
 * and is left out, an empty one is left out, an unknown one is kept aside.
 */
export function readObject<TShape extends z.ZodRawShape>(
  schema: z.ZodObject<TShape>,
  value: unknown,
  path: FieldPath,
  findings: Findings,
): Partial<z.output<z.ZodObject<TShape>>> {
  if (!isJsonObject(value)) {
    findings.lost(path);
    warnWrongType(value, 'an object', path, findings);
    return {};
  }
  const read: Record<string, unknown> = {};
  for (const [key, raw] of Object.entries(value)) {
    const field = path.key(key);
    if (!Object.hasOwn(schema.shape, key)) {
      findings.unknown(field, raw);
    } else if (!isEmpty(raw)) {
      const part = readKey(schema.shape[key], raw, field, findings);
      if (part !== undefined) {
        read[key] = part;
      }
    }
  }
  return read as Partial<z.output<z.ZodObject<TShape>>>;
}

function readKey(
  schema: z.core.$ZodType,
  raw: unknown,
  path: FieldPath,
  findings: Findings,
): unknown {
  findings.present(path);
  const result = z.safeParse(schema, raw);
  if (!result.success) {
    findings.lost(path);
    findings.warn(
      'wrong-type',
      path,
      `${describe(raw)} cannot be used here; raw has it`,
    );
    return undefined;
  }
  return typeof result.data === 'string'
    ? readText(result.data, path, findings)
    : result.data;
}

/** Reads a list; a single value that should have been in a list counts as a list of one. */
export function readList(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): { value: unknown; path: FieldPath }[] {
  if (isEmpty(value)) {
    return [];
  }
  if (!Array.isArray(value)) {
    findings.warn('not-a-list', path, `${describe(value)} is not in a list`);
    return [{ value, path: path.item(0) }];
  }
  return value.map((item, index) => ({ value: item, path: path.item(index) }));
}

/** Reads a list of texts; empty ones are left out, others of a wrong type warned of. */
export function readTexts(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): string[] {
  return readList(value, path, findings).flatMap(item => {
    const raw = item.value;
    if (isEmpty(raw)) {
      return [];
    }
    if (typeof raw === 'number') {
      return [String(raw)];
    }
    if (typeof raw !== 'string') {
      warnWrongType(raw, 'text', item.path, findings);
      return [];
    }
    return [readText(raw, item.path, findings)];
  });
}

/** Reads names or tags: a text with commas, or a list of texts. */
export function readWords(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): string[] {
  const texts =
    typeof value === 'string' || typeof value === 'number'
      ? [readText(String(value), path, findings)]
      : readTexts(value, path, findings);
  return uniqueWords(texts.flatMap(text => text.split(/[,;\n]/)));
}

/** Reads names of people, like `readWords`; a name that cannot be one is cut. */
export function readNames(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): string[] {
  const names = readWords(value, path, findings).map(name => {
    if (name.length <= MAX_NAME_LENGTH) {
      return name;
    }
    findings.warn('too-long', path, `${describe(name)} is cut`);
    return cutText(name, MAX_NAME_LENGTH);
  });
  return uniqueWords(names);
}

/** The first `length` UTF-16 units, without half a character at the end. */
export function cutText(text: string, length: number): string {
  return storableText(text.slice(0, length));
}

/** Trims words, drops a final full stop and repeats (whatever their case). */
export function uniqueWords(words: string[]): string[] {
  const seen = new Set<string>();
  return words.flatMap(word => {
    const clean = word.replace(/\s+/g, ' ').trim().replace(/\.$/, '').trim();
    const key = foldWord(clean);
    if (!key || seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [clean];
  });
}

/** What makes two spellings of a name or tag the same: case, width and spaces do not count. */
export function foldWord(word: string): string {
  return word.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** `foldWord` for a column with an index, whose entries have to fit a page. */
export function wordKey(word: string): string {
  return cutText(foldWord(word), MAX_NAME_LENGTH);
}

function warnWrongType(
  value: unknown,
  expected: string,
  path: FieldPath,
  findings: Findings,
): void {
  findings.warn(
    'wrong-type',
    path,
    `Expected ${expected}, found ${describe(value)}; raw has it`,
  );
}

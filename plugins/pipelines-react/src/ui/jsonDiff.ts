/** One place where two JSON values differ. @public */
export interface JsonDifference {
  /** Where, as `options.bitrate` or `tags.0`; empty when the whole value differs. */
  path: string;
  kind: 'added' | 'removed' | 'changed';
  /** Absent for `added`. */
  before?: unknown;
  /** Absent for `removed`. */
  after?: unknown;
}

/**
 * Where two JSON values differ: objects by key and arrays by position, in the order of `before`
 * and then of what is new in `after`. A key whose value is undefined is an absent one.
 *
 * @public
 */
export function jsonDiff(before: unknown, after: unknown): JsonDifference[] {
  const differences: JsonDifference[] = [];
  // A loop, because a document may be nested deeper than the call stack allows.
  const open = [{ path: '', before, after }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path } = next;
    const keys = sharedKeys(next.before, next.after);
    if (keys) {
      for (const key of keys.reverse()) {
        open.push({
          path: path === '' ? key : `${path}.${key}`,
          before: childOf(next.before, key),
          after: childOf(next.after, key),
        });
      }
    } else if (!Object.is(next.before, next.after)) {
      differences.push(differenceOf(path, next.before, next.after));
    }
  }
  return differences;
}

function differenceOf(
  path: string,
  before: unknown,
  after: unknown,
): JsonDifference {
  if (before === undefined) {
    return { path, kind: 'added', after };
  }
  return after === undefined
    ? { path, kind: 'removed', before }
    : { path, kind: 'changed', before, after };
}

/** The keys of two values that can be compared key by key; undefined for any others. */
function sharedKeys(before: unknown, after: unknown): string[] | undefined {
  const isComparable =
    isBranch(before) &&
    isBranch(after) &&
    Array.isArray(before) === Array.isArray(after);
  return isComparable
    ? [...new Set([...Object.keys(before), ...Object.keys(after)])]
    : undefined;
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function childOf(value: unknown, key: string): unknown {
  return Object.hasOwn(value as object, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

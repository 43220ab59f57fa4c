/** One place where two JSON values differ. @public */
export interface JsonDifference {
  /** Where, as `options.bitrate` or `tags.0`; empty when the whole value differs. */
  path: string;
  /** The same, as the keys on the way from the whole value. */
  keys: readonly string[];
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
  const open: OpenPlace[] = [{ before, after }];
  for (let next = open.pop(); next; next = open.pop()) {
    const place = next;
    const keys = sharedKeys(place.before, place.after);
    if (keys) {
      for (const key of keys.reverse()) {
        open.push({
          key,
          parent: place,
          before: childOf(place.before, key),
          after: childOf(place.after, key),
        });
      }
    } else if (!Object.is(place.before, place.after)) {
      differences.push(differenceOf(keysTo(place), place.before, place.after));
    }
  }
  return differences;
}

/** A place in both values that is still to be looked at; the root has no key. */
interface OpenPlace {
  key?: string;
  parent?: OpenPlace;
  before: unknown;
  after: unknown;
}

function keysTo(place: OpenPlace): string[] {
  const keys: string[] = [];
  for (
    let at: OpenPlace | undefined = place;
    at?.key !== undefined;
    at = at.parent
  ) {
    keys.push(at.key);
  }
  return keys.reverse();
}

function differenceOf(
  keys: readonly string[],
  before: unknown,
  after: unknown,
): JsonDifference {
  const place = { path: keys.join('.'), keys };
  if (before === undefined) {
    return { ...place, kind: 'added', after };
  }
  return after === undefined
    ? { ...place, kind: 'removed', before }
    : { ...place, kind: 'changed', before, after };
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

import type { JsonObject, JsonValue } from '@backstage/types';
import { isDeepStrictEqual } from 'node:util';

/** Below this, values are somebody else's and compared as a whole. */
const PARAMETER_DEFAULTS = 'parameterDefaults';

/** The paths whose values differ, such as `schedule.cron`, in the order of the alphabet. */
export function changedPaths(before: JsonObject, after: JsonObject): string[] {
  return differences(before, after, []).sort();
}

function differences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: readonly string[],
): string[] {
  if (isDeepStrictEqual(before, after)) {
    return [];
  }
  const isValue = path.length === 2 && path[0] === PARAMETER_DEFAULTS;
  const sides = [before, after]
    .map(side => (side === undefined ? {} : side))
    .filter(isObject);
  if (isValue || sides.length < 2) {
    return [path.join('.')];
  }
  const keys = [...new Set(sides.flatMap(side => Object.keys(side)))];
  return keys.length === 0
    ? [path.join('.')]
    : keys.flatMap(key =>
        differences(sides[0][key], sides[1][key], [...path, key]),
      );
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, such as a patch of settings. @public */
export type JsonObject = Record<string, unknown>;

/** Whether it is a JSON object: neither a list nor `null`. @internal */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values say the same; the order of keys does not count. @internal */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.every(key => isSame(a[key], b[key]));
  }
  return a === b;
}

/** The value at a path; undefined where there is none. @internal */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    root,
  );
}

/** A copy with the value at the path; objects on the way are made. @internal */
export function withValueAt(
  root: JsonObject,
  path: readonly string[],
  value: unknown,
): JsonObject {
  const [key, ...rest] = path;
  const child = root[key];
  return {
    ...root,
    [key]:
      rest.length === 0
        ? value
        : withValueAt(isObject(child) ? child : {}, rest, value),
  };
}

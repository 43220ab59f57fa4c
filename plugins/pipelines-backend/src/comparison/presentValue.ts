/** Longest text of a value that is told of a parameter. */
const MAX_VALUE_LENGTH = 300;

/** A JSON value as it is told of a parameter: lists and objects as text, and what is long is cut. */
export function presentValue(
  value: unknown,
): string | number | boolean | null | undefined {
  if (
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE_LENGTH
    ? `${text.slice(0, MAX_VALUE_LENGTH)}…`
    : text;
}

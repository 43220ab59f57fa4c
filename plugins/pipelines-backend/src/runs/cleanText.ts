const LONE_SURROGATES =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * Text that Postgres can store: without NUL and lone surrogates, at most `maxLength` long.
 *
 * @remarks
 * For what runners say, which is never refused; what users enter is checked instead.
 */
export function cleanText(text: string, maxLength: number): string {
  const start = text.length > maxLength ? text.slice(0, maxLength) : text;
  return start.replaceAll('\0', '').replace(LONE_SURROGATES, '\uFFFD');
}

/** Whether the text has characters that Postgres cannot store. */
export function hasUnstorableText(text: string): boolean {
  return text.includes('\0') || text.search(LONE_SURROGATES) >= 0;
}

/** Longest text of a document, in characters; an error message can be a whole file. */
const MAX_TEXT_LENGTH = 10_000;

/** Longest reason of a hit, in characters. */
const MAX_REASON_LENGTH = 300;

/** What is searched beside the title: the parts that there are, a line each. */
export function textOf(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join('\n').slice(0, MAX_TEXT_LENGTH);
}

/** A message on one line, cut. */
export function reasonOf(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > MAX_REASON_LENGTH
    ? `${line.slice(0, MAX_REASON_LENGTH - 1)}…`
    : line;
}

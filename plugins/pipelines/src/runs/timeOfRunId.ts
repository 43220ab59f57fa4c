/** Hexadecimal digits of a version 7 UUID that are its time in ms. */
const TIME_DIGITS = 12;

/**
 * The time in the id of a run, in ms since 1970.
 *
 * @remarks
 * `from` and `to` of lists are bounds of ids, and a run may be queued some ms before or after the
 * time of its id.
 */
export function timeOfRunId(runId: string): number {
  return parseInt(runId.replaceAll('-', '').slice(0, TIME_DIGITS), 16);
}

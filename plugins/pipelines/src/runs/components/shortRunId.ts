const SHORT_LENGTH = 8;

/** The end of a run's id: its beginning is the time and alike for runs of one minute. */
export function shortRunId(runId: string): string {
  return runId.slice(-SHORT_LENGTH);
}

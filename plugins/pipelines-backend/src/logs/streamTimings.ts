/** How often streams do what, in ms. */
export interface StreamTimings {
  /** Least time between two reads of a run that something woke. */
  minReadMs: number;
  /** Least time between two reads of steps and progress, so the most that a viewer gets of them. */
  minRunReadMs: number;
  /** Reads of an active run that nothing woke. */
  pollMs: number;
  /** Reads of steps and progress that nothing woke. */
  runPollMs: number;
  /** Reads of a run that is not active. */
  idlePollMs: number;
  pingMs: number;
  /** Whether the viewer may still see the run. */
  recheckMs: number;
  /** How long a viewer may leave unread what was sent. */
  drainMs: number;
}

/** What is used outside of tests. */
export const DEFAULT_STREAM_TIMINGS: StreamTimings = {
  minReadMs: 50,
  minRunReadMs: 200,
  pollMs: 250,
  runPollMs: 1_000,
  idlePollMs: 2_000,
  pingMs: 15_000,
  recheckMs: 30_000,
  drainMs: 30_000,
};

/**
 * Every state a run can be in, in the order of its life.
 *
 * @remarks
 * `queued → starting → running → succeeded | failed | timed_out`,
 * `running ⇄ pausing/paused`, `→ cancelling → cancelled`, and `→ lost` when a
 * lease dies and no attempt is left. Terminal is final. `unknown` exists only for
 * runs that other systems reported with a word that we do not know.
 *
 * @public
 */
export const RUN_STATES = [
  'queued',
  'starting',
  'running',
  'pausing',
  'paused',
  'cancelling',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'lost',
  'unknown',
] as const;

/** One of {@link RUN_STATES}. @public */
export type RunState = (typeof RUN_STATES)[number];

/** States that no run ever leaves. @public */
export const TERMINAL_RUN_STATES = [
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'lost',
] as const satisfies readonly RunState[];

/** States in which a worker holds the lease of the run. @public */
export const LEASED_RUN_STATES = [
  'starting',
  'running',
  'pausing',
  'paused',
  'cancelling',
] as const satisfies readonly RunState[];

/** States in which a run is not yet over. @public */
export const ACTIVE_RUN_STATES = [
  'queued',
  ...LEASED_RUN_STATES,
] as const satisfies readonly RunState[];

/** Terminal states that ask for somebody's attention. @public */
export const UNSUCCESSFUL_RUN_STATES = [
  'failed',
  'timed_out',
  'lost',
] as const satisfies readonly RunState[];

/**
 * The edges of the state machine of runs that Millrace executes itself.
 *
 * @remarks
 * The database enforces the same table (`legal_transitions`); a test keeps the two equal.
 *
 * @public
 */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> =
  {
    queued: ['starting', 'cancelled', 'timed_out'],
    starting: [
      'running',
      'failed',
      'timed_out',
      'cancelling',
      'lost',
      'queued',
    ],
    running: [
      'succeeded',
      'failed',
      'timed_out',
      'pausing',
      'cancelling',
      'lost',
      'queued',
    ],
    // Back to running when it could not be made to stand still.
    pausing: [
      'paused',
      'running',
      'succeeded',
      'failed',
      'cancelling',
      'lost',
      'queued',
    ],
    paused: ['running', 'cancelling', 'lost', 'queued'],
    cancelling: ['cancelled', 'succeeded', 'failed', 'timed_out', 'lost'],
    succeeded: [],
    failed: [],
    timed_out: [],
    cancelled: [],
    lost: [],
    unknown: [],
  };

/** Whether a run in this state is over for good. @public */
export function isTerminalRunState(state: RunState): boolean {
  return (TERMINAL_RUN_STATES as readonly RunState[]).includes(state);
}

/** Whether a run in this state is waiting or being executed. @public */
export function isActiveRunState(state: RunState): boolean {
  return (ACTIVE_RUN_STATES as readonly RunState[]).includes(state);
}

/** Whether cancelling a run in this state can have an effect. @public */
export function isCancellableRunState(state: RunState): boolean {
  return isActiveRunState(state);
}

/** Whether pausing a run in this state can have an effect: it is held, or stands still. @public */
export function isPausableRunState(state: RunState): boolean {
  return state === 'queued' || state === 'starting' || state === 'running';
}

/** Whether a run in this state can be retried by hand: it is over, and it was ours or reported. @public */
export function isRetryableRunState(state: RunState): boolean {
  return isTerminalRunState(state);
}

/** States of one attempt of a run; `unknown` as for runs. @public */
export const ATTEMPT_STATES = [
  'starting',
  'running',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'lost',
  'released',
  'unknown',
] as const;

/** One of {@link ATTEMPT_STATES}. @public */
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** States of one step of an attempt. @public */
export const STEP_STATES = [
  'pending',
  'running',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
] as const;

/** One of {@link STEP_STATES}. @public */
export type StepState = (typeof STEP_STATES)[number];

/** Where a run was executed: by us, by a reporter, or by the owner of a source. @public */
export const RUN_ORIGINS = ['own', 'reported', 'imported'] as const;

/** What caused a run. @public */
export const RUN_TRIGGERS = [
  'manual',
  'api',
  'schedule',
  'retry',
  'folder',
  'webhook',
  'after',
  'system',
  'outside',
] as const;

/** One of {@link RUN_TRIGGERS}. @public */
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

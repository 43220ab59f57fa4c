import {
  BULK_PIPELINE_ID,
  isActiveRunState,
  isPausableRunState,
  isRetryableRunState,
  type EngineCapabilities,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';

/** What a person can do to one run, in the order in which it is offered. */
export const RUN_ACTIONS = [
  'retry',
  'runAgain',
  'pause',
  'resume',
  'runNow',
  'toFront',
  'priority',
  'edit',
  'cancel',
  'kill',
] as const;

/** One of {@link RUN_ACTIONS}. */
export type RunAction = (typeof RUN_ACTIONS)[number];

/** What decides which actions a run allows; `capabilities` are absent in lists. */
export type ActionableRun = Run & { capabilities?: EngineCapabilities };

/** Whether a person asked for the run to be held or to stand still, and nobody resumed it yet. */
export function isPausedOrHeld(run: Run): boolean {
  return run.pauseRequest !== undefined && isActiveRunState(run.state);
}

const IS_LEGAL: Record<
  RunAction,
  (run: ActionableRun, nowMs: number) => boolean
> = {
  retry: run =>
    run.origin === 'own' && !isOurOwn(run) && isRetryableRunState(run.state),
  runAgain: run => run.origin === 'own' && !isOurOwn(run),
  pause: run =>
    run.origin === 'own' &&
    !isOurOwn(run) &&
    isPausableRunState(run.state) &&
    !isPausedOrHeld(run) &&
    canBePaused(run),
  resume: run => run.origin === 'own' && isPausedOrHeld(run),
  runNow: (run, nowMs) => isQueued(run) && Date.parse(run.runAt) > nowMs,
  toFront: isQueued,
  priority: isQueued,
  edit: () => true,
  cancel: run =>
    run.origin === 'own' &&
    isActiveRunState(run.state) &&
    run.state !== 'cancelling' &&
    canBeEnded(run),
  kill: run =>
    run.state === 'cancelling' && !run.cancelRequest?.force && canBeEnded(run),
};

function isQueued(run: Run): boolean {
  return run.origin === 'own' && run.state === 'queued';
}

/** A bulk action is begun anew where it was begun. */
function isOurOwn(run: Run): boolean {
  return run.pipelineId === BULK_PIPELINE_ID;
}

function canBeEnded({ state, capabilities }: ActionableRun): boolean {
  return state === 'queued' || capabilities?.cancel !== false;
}

/** Where the engine cannot freeze, a pause only holds the next attempt, so there must be one. */
function canBePaused(run: ActionableRun): boolean {
  return (
    run.state === 'queued' ||
    run.capabilities?.pause !== false ||
    run.attempt < run.maxAttempts
  );
}

/**
 * What can be done to a run as it is now, whoever asks.
 *
 * @remarks
 * Where the abilities of the engine are not known, as in lists, what depends on them is offered
 * and the server decides.
 */
export function legalActions(run: ActionableRun, nowMs: number): RunAction[] {
  return RUN_ACTIONS.filter(action => IS_LEGAL[action](run, nowMs));
}

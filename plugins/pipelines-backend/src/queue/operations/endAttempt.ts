import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
  type StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import { cleanText, type Actor } from '../../runs';
import type { AttemptRequest } from '../AttemptBatches';
import type { EndDecision } from '../decideEnd';

const MAX_MESSAGE_LENGTH = 2_000;

/** What `paused_ms` is when a pause that may be going on ends now. */
export const PAUSED_MS = `paused_ms
  + coalesce(round(extract(epoch from clock_timestamp() - paused_at) * 1000)::bigint, 0)`;

/** Where a run may be on the way to an end that it cannot reach directly. */
const STEPPING_STONE: RunState = 'running';

/**
 * Ends an attempt as decided: the run, its attempt, its open steps and its event.
 *
 * @remarks
 * Triggers give back its place in the limits of its pipeline. A run that goes again stays held
 * when it was asked to be paused.
 *
 * @returns false, and nothing is changed, when the run has another state, attempt or token by now
 */
export async function endAttempt(options: {
  call: (request: AttemptRequest) => Promise<boolean | undefined>;
  /** As it was when the end was decided. */
  run: { id: string; attempt: number; state: RunState; token: string | null };
  decision: EndDecision;
  /** Default the worker that holds the lease. */
  actor?: Actor;
  /** How long a run that goes again may wait in the queue, in ms; absent means for ever. */
  queueTimeoutMs?: number;
}): Promise<boolean> {
  const { call, run, decision, actor, queueTimeoutMs } = options;
  const { runState, error } = decision;
  const terminal = isTerminalRunState(runState);
  const isDirect = RUN_TRANSITIONS[run.state].includes(runState);
  const isEnded = await call({
    runId: run.id,
    attempt: run.attempt,
    token: run.token,
    from: run.state,
    via: isDirect ? null : STEPPING_STONE,
    viaName: run.state === 'starting' ? 'started' : 'resumed',
    runState,
    attemptState: decision.attemptState,
    name: nameOf(decision),
    terminal,
    added: decision.uncounted ? 1 : 0,
    delayMs: decision.delayMs ?? null,
    queueTimeoutMs: queueTimeoutMs ?? null,
    deaths: decision.workerDied ? 1 : 0,
    quarantined: decision.quarantined ?? false,
    errorKind: error?.kind ?? null,
    errorMessage: error ? cleanText(error.message, MAX_MESSAGE_LENGTH) : null,
    exitCode: decision.exitCode ?? null,
    signal: decision.signal ?? null,
    reason: decision.reason
      ? cleanText(decision.reason, MAX_MESSAGE_LENGTH)
      : null,
    openSteps: openStepsBecome(decision),
    details:
      decision.delayMs === undefined
        ? null
        : JSON.stringify({ delayMs: decision.delayMs }),
    actor: actor ?? null,
  });
  return isEnded ?? false;
}

function nameOf(decision: EndDecision): string {
  if (decision.quarantined) {
    return 'quarantined';
  }
  return isTerminalRunState(decision.runState) ? decision.runState : 'requeued';
}

function openStepsBecome({ attemptState }: EndDecision): StepState {
  switch (attemptState) {
    case 'succeeded':
      return 'succeeded';
    case 'cancelled':
    case 'released':
      return 'cancelled';
    default:
      return 'failed';
  }
}

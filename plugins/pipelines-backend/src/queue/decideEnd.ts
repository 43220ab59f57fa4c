import type {
  AttemptState,
  RunError,
  RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { AttemptEnd } from '@millrace/backstage-plugin-pipelines-node';
import type { AttemptOutcome, EndCause } from './types';

/** What the end of an attempt means for it and for its run. */
export interface EndDecision {
  attemptState: AttemptState;
  /** `queued` when the run goes again. */
  runState: RunState;
  /** Why, for people; absent when it succeeded. */
  reason?: string;
  error?: Pick<RunError, 'kind' | 'message'>;
  exitCode?: number;
  signal?: string;
  /** Allows the run one more attempt, because this one does not count. */
  uncounted?: boolean;
}

/** The run whose attempt has ended, as it is in the row that is locked. */
export interface EndingRun {
  state: RunState;
  attempt: number;
  maxAttempts: number;
  /** Attempts that were released before, each of which has raised `maxAttempts` by one. */
  releasedAttempts: number;
}

/** How an attempt ended, as its worker saw it, or as nobody did. */
export type EndingAttempt = Omit<AttemptOutcome, 'cause'> & {
  /** `expiry`: its lease is over and nobody could look. */
  cause?: EndCause | 'expiry';
};

/** What becomes of a run that its worker gives back. */
export const RELEASED = {
  attemptState: 'released',
  runState: 'queued',
  reason: 'Its worker stopped; this attempt does not count',
  uncounted: true,
} as const satisfies EndDecision;

/**
 * Decides what becomes of a run when its attempt has ended.
 *
 * @remarks
 * The exit that really happened wins: an execution that ended of its own accord has succeeded
 * or failed, whatever was asked of it meanwhile. One that was stopped, or of which the end is
 * not known, ends by what it was stopped for. A run that was asked to be cancelled is
 * `cancelled` as soon as nothing of it is alive; only when its lease expired and nobody could
 * look (`expiry`), it is `lost`.
 *
 * A run goes again when it has attempts left, but not when it could not be started: that would
 * fail in the same way at once. An attempt that ended because its worker stops does not count:
 * it keeps its number and the run may have one attempt more. A run that may start only once
 * and had started does not go again even then; it is `lost`.
 */
export function decideEnd(run: EndingRun, ending: EndingAttempt): EndDecision {
  const { end, cause } = ending;
  const facts = {
    exitCode: end.kind === 'exited' ? end.exitCode : undefined,
    signal: end.kind === 'signalled' ? end.signal : undefined,
  };
  const { state, error, uncounted } = judge(run, ending);
  if (state === 'succeeded' || state === 'cancelled') {
    return { ...facts, attemptState: state, runState: state };
  }
  if (uncounted) {
    return { ...facts, ...RELEASED };
  }
  const goesAgain =
    cause !== 'spawn' &&
    cause !== 'stop' &&
    run.state !== 'cancelling' &&
    run.attempt < run.maxAttempts;
  return {
    ...facts,
    attemptState: state,
    runState: goesAgain ? 'queued' : state,
    reason: error?.message,
    error: goesAgain ? undefined : error,
  };
}

interface Judgement {
  state: 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
  error?: Pick<RunError, 'kind' | 'message'>;
  uncounted?: boolean;
}

function judge(run: EndingRun, ending: EndingAttempt): Judgement {
  const { end, cause } = ending;
  if (end.kind !== 'lost' && !end.stopped) {
    return judgeOwnEnd(end, ending);
  }
  if (run.state === 'cancelling' && cause !== 'expiry') {
    return { state: 'cancelled' };
  }
  switch (cause) {
    case 'timeout':
      return {
        state: 'timed_out',
        error: { kind: 'timeout', message: 'It took longer than it may' },
      };
    case 'stop':
      return {
        ...lost(
          'Its worker stopped before it had ended, and it may start only once',
        ),
        uncounted: run.maxAttempts - run.releasedAttempts > 1,
      };
    case 'lease':
      return lost('Its worker could not reach the database for too long');
    default:
      return lost(
        end.kind === 'lost'
          ? end.message
          : 'It was ended because its worker was gone',
      );
  }
}

function judgeOwnEnd(
  end: Exclude<AttemptEnd, { kind: 'lost' }>,
  { cause, lastWords }: EndingAttempt,
): Judgement {
  const because = lastWords ? `: ${lastWords}` : '';
  switch (end.kind) {
    case 'exited':
      return end.exitCode === 0
        ? { state: 'succeeded' }
        : failed('exit', `It ended with exit code ${end.exitCode}${because}`);
    case 'signalled':
      return failed(
        'signal',
        `It was ended by the signal ${end.signal}${because}`,
      );
    default:
      return failed(cause === 'spawn' ? 'spawn' : 'engine', end.message);
  }
}

function failed(kind: RunError['kind'], message: string): Judgement {
  return { state: 'failed', error: { kind, message } };
}

function lost(message: string): Judgement {
  return { state: 'lost', error: { kind: 'lost', message } };
}

import type {
  AttemptState,
  RunError,
  RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { AttemptEnd } from '@millrace/backstage-plugin-pipelines-node';
import { constants } from 'node:os';
import type { PipelineDefinition } from '../definitions';
import {
  MAX_WORKER_DEATHS,
  type AttemptOutcome,
  type EndCause,
  type ExceededTimeout,
} from './types';

/** When and how often a run goes again by itself; see `RetryPolicy` of the definitions. */
export type Retry = PipelineDefinition['retry'];

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
  /** How long the next attempt waits, in ms; absent means not at all. */
  delayMs?: number;
  /** The attempt was lost with its worker. */
  workerDied?: boolean;
  /** That happened too often, so the run does not go again by itself. */
  quarantined?: boolean;
}

/** The run whose attempt has ended, as it is in the row that is locked. */
export interface EndingRun {
  state: RunState;
  attempt: number;
  maxAttempts: number;
  /** Attempts that were released before, each of which has raised `maxAttempts` by one. */
  releasedAttempts: number;
  /** Attempts that were lost with their worker before. */
  workerDeaths: number;
  /** Whether the worker that says so is another than the one that had started it. */
  isAdopted?: boolean;
  /** Of its pipeline; without it, it goes again at once. */
  retry?: Retry;
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

/** What a signal has as exit code where a shell reports it. */
const SIGNAL_EXIT_CODE_BASE = 128;

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
 * A run goes again when it has attempts left and its retry policy says so, after the delay of
 * that policy; but not when it could not be started: that would fail in the same way at once.
 * A lost attempt is not the doing of the run, so the next one does not wait; a run that loses
 * {@link MAX_WORKER_DEATHS} workers is quarantined. An attempt that ended because its worker
 * stops does not count: it keeps its number and the run may have one attempt more. A run that may
 * start only once and had started does not go again even then; it is `lost`.
 *
 * @param random - from 0 to 1, for the delay
 */
export function decideEnd(
  run: EndingRun,
  ending: EndingAttempt,
  random: () => number = Math.random,
): EndDecision {
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
  const workerDied = state === 'lost' && (cause === 'expiry' || run.isAdopted);
  const quarantined =
    workerDied && run.workerDeaths + 1 >= MAX_WORKER_DEATHS
      ? { quarantined: true }
      : undefined;
  const goesAgain =
    !quarantined &&
    cause !== 'spawn' &&
    cause !== 'stop' &&
    run.state !== 'cancelling' &&
    run.attempt < run.maxAttempts &&
    allowsAnother(run.retry, state, end);
  const told = error && quarantined ? quarantine(error) : error;
  return {
    ...facts,
    ...(workerDied && { workerDied }),
    ...quarantined,
    attemptState: state,
    runState: goesAgain ? 'queued' : state,
    reason: told?.message,
    error: goesAgain ? undefined : told,
    ...(goesAgain &&
      state !== 'lost' &&
      run.retry && { delayMs: delayOf(run, run.retry, random) }),
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
        error: { kind: 'timeout', message: describeTimeout(ending.timeout) },
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

function quarantine(
  error: Pick<RunError, 'kind' | 'message'>,
): Pick<RunError, 'kind' | 'message'> {
  return {
    ...error,
    message: `${error.message}. It was lost with its worker ${MAX_WORKER_DEATHS} times, so it does not go again by itself`,
  };
}

function describeTimeout(timeout: ExceededTimeout | undefined): string {
  if (!timeout) {
    return 'It took longer than it may';
  }
  const limit = `${timeout.limitMs / 1_000} s`;
  switch (timeout.what) {
    case 'start':
      return `It was not there within the ${limit} that its start may take`;
    case 'step':
      return `Its step '${timeout.step}' took longer than the ${limit} that a step may take`;
    case 'no-output':
      return `It wrote nothing for longer than the ${limit} that it may be silent`;
    default:
      return `It took longer than the ${limit} that it may`;
  }
}

function allowsAnother(
  retry: Retry | undefined,
  state: Judgement['state'],
  end: AttemptEnd,
): boolean {
  if (!retry || state === 'lost') {
    return true;
  }
  if (state === 'timed_out') {
    return retry.onTimeout;
  }
  return retry.exitCodes?.includes(exitCodeOf(end)) ?? true;
}

/** A signal counts as the exit code that a shell reports for it; NaN is in no list. */
function exitCodeOf(end: AttemptEnd): number {
  switch (end.kind) {
    case 'exited':
      return end.exitCode;
    case 'signalled':
      return (
        SIGNAL_EXIT_CODE_BASE +
        (constants.signals[end.signal as NodeJS.Signals] ?? NaN)
      );
    default:
      return NaN;
  }
}

/** Full jitter, so that what failed together does not come back together. */
function delayOf(run: EndingRun, retry: Retry, random: () => number): number {
  const counted = run.attempt - run.releasedAttempts;
  const most = Math.min(
    retry.maxDelayMs,
    retry.delayMs * 2 ** Math.max(0, counted - 1),
  );
  return Math.round(random() * most);
}

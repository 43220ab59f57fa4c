import { InputError } from '@backstage/errors';
import {
  isTerminalRunState,
  RUN_STATES,
  type AttemptState,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { cleanText, type RunRow } from '../runs';
import type { RunReport } from './types';

/** What a report says about a run, as columns of `runs`. */
export type ReportedFacts = Pick<
  RunRow,
  | 'state'
  | 'foreign_state'
  | 'queued_at'
  | 'started_at'
  | 'finished_at'
  | 'progress'
  | 'progress_message'
  | 'summary'
  | 'error_kind'
  | 'error_message'
  | 'error_step'
  | 'exit_code'
  | 'exit_signal'
>;

type ReportRequest = RunReport['request'];

const MAX_MESSAGE_LENGTH = 2_000;

/** A wrong clock is shown for what it says; beyond this nothing can be right. */
const EARLIEST_TIME = new Date('1970-01-01T00:00:00Z');
const LATEST_TIME = new Date('2100-01-01T00:00:00Z');

/** States in which somebody executes the run, so that it has started. */
const EXECUTED_STATES: readonly RunState[] = [
  'running',
  'pausing',
  'paused',
  'cancelling',
];

/**
 * The run as it is after a report; what the report leaves out stays.
 *
 * @remarks
 * Any state may follow any other, because others have their own rules. A run is over in a
 * terminal state, and in a state that we do not know when the report says when it ended.
 *
 * @param before - undefined for the first report
 * @param now - the time of the database, for what has happened and was not dated
 * @throws InputError for a time that nothing can have, or an end of a run that goes on
 */
export function applyReport(
  before: ReportedFacts | undefined,
  report: ReportRequest,
  now: Date,
): ReportedFacts {
  const told = {
    startedAt: timeOf('startedAt', report.startedAt),
    finishedAt: timeOf('finishedAt', report.finishedAt),
  };
  const { state, foreignState } = stateOf(report.state);
  if (told.finishedAt && state !== 'unknown' && !isTerminalRunState(state)) {
    throw new InputError(
      `A run that is ${state} has no finishedAt; report the state in which it ended`,
    );
  }
  const startedAt =
    told.startedAt ??
    before?.started_at ??
    (EXECUTED_STATES.includes(state) ? now : null);
  const finishedAt = isTerminalRunState(state)
    ? told.finishedAt ?? before?.finished_at ?? now
    : told.finishedAt ?? null;
  return {
    state,
    foreign_state: foreignState,
    queued_at: queuedAt(before, { startedAt, finishedAt, now }),
    started_at: startedAt,
    finished_at: finishedAt,
    progress: report.progress ?? before?.progress ?? null,
    progress_message:
      report.progressMessage ?? before?.progress_message ?? null,
    summary: report.summary ?? before?.summary ?? null,
    ...errorOf(before, report, state),
  };
}

/** What the only attempt of a reported run is in, while the run is in this state. */
export function attemptStateOf(state: RunState): AttemptState {
  switch (state) {
    case 'queued':
    case 'starting':
      return 'starting';
    case 'running':
    case 'pausing':
    case 'paused':
    case 'cancelling':
      return 'running';
    default:
      return state;
  }
}

/**
 * A time by somebody else's clock.
 *
 * @param name - of the field, for the error
 * @throws InputError for one before 1970 or after 2099
 */
export function timeOf(
  name: string,
  text: string | undefined,
): Date | undefined {
  if (text === undefined) {
    return undefined;
  }
  const time = new Date(text);
  if (!(time >= EARLIEST_TIME && time < LATEST_TIME)) {
    throw new InputError(
      `${name} is ${text}, and no run is of that time; set the clock or leave it out`,
    );
  }
  return time;
}

function stateOf(word: string): {
  state: RunState;
  foreignState: string | null;
} {
  const state = RUN_STATES.find(known => known === word);
  return state
    ? { state, foreignState: null }
    : { state: 'unknown', foreignState: word };
}

/** Never after the start, so that nothing has waited for a negative time. */
function queuedAt(
  before: ReportedFacts | undefined,
  times: { startedAt: Date | null; finishedAt: Date | null; now: Date },
): Date {
  const { startedAt, finishedAt, now } = times;
  const known = before?.queued_at ?? startedAt ?? finishedAt ?? now;
  return startedAt && startedAt < known ? startedAt : known;
}

function errorOf(
  before: ReportedFacts | undefined,
  { error }: ReportRequest,
  state: RunState,
) {
  const isBad = state === 'unknown' || isTerminalRunState(state);
  if (error) {
    return {
      error_kind: error.kind ?? kindOf(error, state),
      error_message: cleanText(error.message, MAX_MESSAGE_LENGTH),
      error_step: error.step ? cleanText(error.step, 200) : null,
      exit_code: exitCodeOf(error.exitCode),
      exit_signal: error.signal ? cleanText(error.signal, 100) : null,
    };
  }
  const isKept = before && isBad && state !== 'succeeded';
  return {
    error_kind: isKept ? before.error_kind : null,
    error_message: isKept ? before.error_message : null,
    error_step: isKept ? before.error_step : null,
    exit_code: isKept ? before.exit_code : null,
    exit_signal: isKept ? before.exit_signal : null,
  };
}

/** In 32 bits with a sign, because Windows has exit codes such as 3221225477. */
function exitCodeOf(exitCode: number | undefined): number | null {
  if (exitCode === undefined) {
    return null;
  }
  if (exitCode < -(2 ** 31) || exitCode >= 2 ** 32) {
    throw new InputError(
      `error.exitCode is ${exitCode}, and no program ends with that; it has 32 bits`,
    );
  }
  return Math.trunc(exitCode) | 0;
}

function kindOf(
  error: NonNullable<ReportRequest['error']>,
  state: RunState,
): string {
  if (state === 'timed_out') {
    return 'timeout';
  }
  if (error.signal !== undefined) {
    return 'signal';
  }
  return error.exitCode === undefined ? 'unknown' : 'exit';
}

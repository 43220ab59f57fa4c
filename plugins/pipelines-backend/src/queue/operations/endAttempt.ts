import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
  type StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { cleanText, type Actor } from '../../runs';
import type { EndDecision } from '../decideEnd';
import { passTo } from './passTo';

const MAX_MESSAGE_LENGTH = 2_000;

/**
 * Ends an attempt as decided: the run, its attempt, its open steps and its event.
 *
 * @remarks
 * The caller has locked the run and checked its lease. Triggers give back its place in the limits
 * of its pipeline. A run that goes again stays held when it was asked to be paused.
 */
export async function endAttempt(options: {
  trx: Knex.Transaction;
  run: { id: string; attempt: number; state: RunState };
  decision: EndDecision;
  actor: Actor;
  /** How long a run that goes again may wait in the queue, in ms; absent means for ever. */
  queueTimeoutMs?: number;
}): Promise<void> {
  const { trx, run, decision, actor } = options;
  const from = await passSteppingStones(trx, run, decision.runState, actor);
  const terminal = isTerminalRunState(decision.runState);
  const reason =
    decision.reason && cleanText(decision.reason, MAX_MESSAGE_LENGTH);
  await trx.raw(
    `with blamed as (
       select name from run_steps
        where run_id = :runId and attempt = :attempt and state in ('failed', 'running')
        order by state = 'failed' desc, position limit 1),
     ended as (
       update runs set state = :runState, event_seq = event_seq + 1,
         finished_at = case when :terminal then clock_timestamp() end,
         lease_token = null, lease_owner = null, lease_expires_at = null, heartbeat_at = null,
         max_attempts = max_attempts + :added,
         run_at = case when :delayMs::integer is null then run_at
           else clock_timestamp() + :delayMs * interval '1 millisecond' end,
         queue_deadline = case when not :terminal then clock_timestamp()
           + (coalesce(:delayMs, 0) + :queueTimeoutMs::bigint) * interval '1 millisecond' end,
         paused_ms = ${PAUSED_MS}, paused_at = null,
         pause_requested_at = case when not :terminal then pause_requested_at end,
         pause_requested_by = case when not :terminal then pause_requested_by end,
         pause_reason = case when not :terminal then pause_reason end,
         worker_deaths = worker_deaths + :deaths,
         quarantined_at = case when :quarantined then clock_timestamp() end,
         current_step = null,
         progress = case when :terminal then progress end,
         progress_message = case when :terminal then progress_message end,
         summary = case when :terminal then summary end,
         error_kind = :errorKind, error_message = :errorMessage,
         error_step = case when :errorKind::text is not null then (select name from blamed) end,
         exit_code = case when :terminal then :exitCode::integer end,
         exit_signal = case when :terminal then :signal end
        where id = :runId returning event_seq),
     attempted as (
       update run_attempts set state = :attemptState, reason = :reason, lease_token = null,
         finished_at = clock_timestamp(), exit_code = :exitCode, exit_signal = :signal
        where run_id = :runId and attempt = :attempt),
     closed as (
       update run_steps set state = case when state = 'pending' then 'skipped' else :openSteps end,
         finished_at = clock_timestamp()
        where run_id = :runId and attempt = :attempt and state in ('pending', 'running'))
     insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason, details)
     select :runId, event_seq, 'transition', :name, :from, :runState, :attempt, :actor, :reason, :details
       from ended`,
    {
      runId: run.id,
      attempt: run.attempt,
      from,
      runState: decision.runState,
      attemptState: decision.attemptState,
      terminal,
      added: decision.uncounted ? 1 : 0,
      delayMs: decision.delayMs ?? null,
      queueTimeoutMs: options.queueTimeoutMs ?? null,
      deaths: decision.workerDied ? 1 : 0,
      quarantined: decision.quarantined ?? false,
      errorKind: decision.error?.kind ?? null,
      errorMessage: decision.error
        ? cleanText(decision.error.message, MAX_MESSAGE_LENGTH)
        : null,
      exitCode: decision.exitCode ?? null,
      signal: decision.signal ?? null,
      reason: reason ?? null,
      openSteps: openStepsBecome(decision),
      name: nameOf(decision, terminal),
      details: detailsOf(decision),
      actor,
    },
  );
}

/** What `paused_ms` is when a pause that may be going on ends now. */
export const PAUSED_MS = `paused_ms
  + coalesce(round(extract(epoch from clock_timestamp() - paused_at) * 1000)::bigint, 0)`;

function nameOf(decision: EndDecision, terminal: boolean): string {
  if (decision.quarantined) {
    return 'quarantined';
  }
  return terminal ? decision.runState : 'requeued';
}

function detailsOf({ delayMs }: EndDecision): string | null {
  return delayMs === undefined ? null : JSON.stringify({ delayMs });
}

/** Where a run may be on the way to an end that it cannot reach directly. */
const STEPPING_STONES = ['running'] as const;

/** Brings a run whose end was recovered to a state from which its true end is a legal one. */
async function passSteppingStones(
  trx: Knex.Transaction,
  run: { id: string; attempt: number; state: RunState },
  to: RunState,
  actor: Actor,
): Promise<RunState> {
  const stone = RUN_TRANSITIONS[run.state].includes(to)
    ? undefined
    : STEPPING_STONES.find(
        state =>
          RUN_TRANSITIONS[run.state].includes(state) &&
          RUN_TRANSITIONS[state].includes(to),
      );
  if (!stone) {
    return run.state;
  }
  await passTo({
    trx,
    run,
    to: stone,
    name: run.state === 'starting' ? 'started' : 'resumed',
    actor,
    columns: { started_at: trx.raw('coalesce(started_at, clock_timestamp())') },
  });
  return stone;
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

import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
  type StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, cleanText, type Actor } from '../../runs';
import type { EndDecision } from '../decideEnd';

/** States that a run passes on the way to an end that it cannot reach directly. */
const STEPPING_STONES: readonly RunState[] = ['running', 'cancelling'];

const MAX_MESSAGE_LENGTH = 2_000;

/**
 * Ends an attempt as decided: the run, its attempt, its open steps and its event.
 *
 * @remarks
 * The caller has locked the run and checked its lease.
 */
export async function endAttempt(options: {
  trx: Knex.Transaction;
  run: { id: string; attempt: number; state: RunState };
  decision: EndDecision;
  actor: Actor;
}): Promise<void> {
  const { trx, run, decision, actor } = options;
  const from = await passSteppingStone(trx, run, decision.runState, actor);
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
     insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason)
     select :runId, event_seq, 'transition', :name, :from, :runState, :attempt, :actor, :reason
       from ended`,
    {
      runId: run.id,
      attempt: run.attempt,
      from,
      runState: decision.runState,
      attemptState: decision.attemptState,
      terminal,
      added: decision.uncounted ? 1 : 0,
      errorKind: decision.error?.kind ?? null,
      errorMessage: decision.error
        ? cleanText(decision.error.message, MAX_MESSAGE_LENGTH)
        : null,
      exitCode: decision.exitCode ?? null,
      signal: decision.signal ?? null,
      reason: reason ?? null,
      openSteps: openStepsBecome(decision),
      name: terminal ? decision.runState : 'requeued',
      actor,
    },
  );
}

/** Brings a run whose end was recovered to a state from which its true end is a legal one. */
async function passSteppingStone(
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
  await trx('runs')
    .where({ id: run.id })
    .update({
      state: stone,
      started_at: trx.raw('coalesce(started_at, clock_timestamp())'),
    });
  await appendEvent(trx, {
    runId: run.id,
    kind: 'transition',
    name: stone === 'running' ? 'started' : 'cancel-requested',
    from: run.state,
    to: stone,
    attempt: run.attempt,
    actor,
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

import type { StepState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Lease } from '../types';
import { lockLease } from './lockLease';

/**
 * Writes what a runner says of one step.
 *
 * @returns whether it was written: false when the attempt has `maxSteps` others already
 * @throws LeaseLostError when the lease is over
 */
export async function recordStep(options: {
  trx: Knex.Transaction;
  lease: Lease;
  step: { name: string; state: StepState; message?: string };
  maxSteps: number;
}): Promise<boolean> {
  const { trx, lease, step, maxSteps } = options;
  await lockLease(trx, lease);
  const written = await trx.raw(
    // What was written before the message is stored already: engines tell of both in order.
    // Nobody knows the first line of a step whose start was recorded without it.
    `insert into run_steps as step (run_id, attempt, position, name, state, message,
       started_at, finished_at, first_line, end_line)
     select :runId, :attempt, coalesce(max(position) + 1, 0), :name, :state, :message,
            case when :state in ('running', 'succeeded', 'failed') then clock_timestamp() end,
            case when :state in ('succeeded', 'failed', 'skipped') then clock_timestamp() end,
            case when :state in ('running', 'succeeded', 'failed') then log.lines end,
            case when :state in ('succeeded', 'failed', 'skipped') then log.lines end
       from (select log_lines as lines from run_attempts
              where run_id = :runId and attempt = :attempt) as log
       left join run_steps on run_id = :runId and attempt = :attempt
      group by log.lines
     having count(position) < :maxSteps or bool_or(name = :name)
     on conflict (run_id, attempt, name) do update set
       state = excluded.state,
       message = coalesce(excluded.message, step.message),
       started_at = coalesce(step.started_at, excluded.started_at),
       finished_at = excluded.finished_at,
       first_line = case when step.started_at is null
         then excluded.first_line else step.first_line end,
       end_line = case when step.state = excluded.state
         then coalesce(step.end_line, excluded.end_line) else excluded.end_line end`,
    {
      runId: lease.runId,
      attempt: lease.attempt,
      name: step.name,
      state: step.state,
      message: step.message ?? null,
      maxSteps,
    },
  );
  await trx.raw(
    `update runs set current_step = case when :state = 'running' then :name end
      where id = :runId and (:state = 'running' or (current_step = :name and :state <> 'pending'))`,
    { runId: lease.runId, name: step.name, state: step.state },
  );
  return written.rowCount === 1;
}

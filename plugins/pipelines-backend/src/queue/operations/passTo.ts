import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, type Actor, type RunRow } from '../../runs';

/** Columns of a run that a transition changes besides its state. */
export type RunColumns = Partial<
  Record<keyof RunRow, Knex.Raw | string | null>
>;

/**
 * Brings a run that the caller has locked into another state, and records that.
 *
 * @throws the database's error P0001 when the state machine lacks the edge
 */
export async function passTo(options: {
  trx: Knex.Transaction;
  run: Pick<RunRow, 'id' | 'attempt' | 'state'>;
  to: RunState;
  /** What happened, one word. */
  name: string;
  actor: Actor;
  columns?: RunColumns;
  reason?: string;
  details?: unknown;
}): Promise<void> {
  const { trx, run, to, columns, ...event } = options;
  await trx('runs')
    .where({ id: run.id })
    .update({ ...columns, state: to });
  await appendEvent(trx, {
    ...event,
    runId: run.id,
    kind: 'transition',
    from: run.state,
    to,
    attempt: run.attempt || undefined,
  });
}

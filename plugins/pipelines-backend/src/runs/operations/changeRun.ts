import type { Knex } from 'knex';
import type { Actor, RunRow } from '../types';
import { appendEvent } from './appendEvent';

/** What can be changed of a run after its submit. */
export type ChangedRun = Partial<
  Pick<RunRow, 'priority' | 'run_at' | 'queue_deadline' | 'labels' | 'note'>
>;

/** One changed thing, as its event tells it. */
export interface RunChange {
  /** One word, like `note-changed`. */
  name: string;
  from: unknown;
  to: unknown;
  /** Of a changed priority: whether it was asked for as the front and not as a number. */
  toFront?: true;
}

/**
 * Writes changed columns and an event for each change, and tells those who wait for the queue
 * or look at the run.
 *
 * @remarks
 * The caller has locked the run.
 */
export async function changeRun(options: {
  trx: Knex.Transaction;
  run: Pick<RunRow, 'id' | 'state'>;
  columns: ChangedRun;
  changes: readonly RunChange[];
  actor: Actor;
  reason?: string;
  bulkId?: string;
}): Promise<void> {
  const { trx, run, columns, changes, actor, reason, bulkId } = options;
  await trx('runs')
    .where({ id: run.id })
    .update({
      ...columns,
      ...(columns.labels && { labels: JSON.stringify(columns.labels) }),
    });
  for (const { name, from, to, toFront } of changes) {
    await appendEvent(trx, {
      runId: run.id,
      kind: 'action',
      name,
      actor,
      reason,
      details: { from, to, toFront, bulkId },
    });
  }
  await trx.raw(
    `select pg_notify('millrace', json_build_object('kind', 'state', 'runId', :id::uuid, 'state', :state::text)::text),
       case when :sooner then pg_notify('millrace', '{"kind":"queued"}') end`,
    {
      id: run.id,
      state: run.state,
      sooner: columns.run_at !== undefined || columns.priority !== undefined,
    },
  );
}

import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { uuidAt } from '../uuidAt';

/** A drop waits for readers of the table, and others wait behind it, so it waits only this long. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Drops the partitions that hold only rows of runs submitted before `olderThan`.
 *
 * @remarks
 * A partition in which a run is not over yet is kept.
 *
 * @returns the names of the dropped partitions
 */
export async function dropOldPartitions(options: {
  knex: Knex;
  parent: 'log_chunks' | 'run_events';
  unit: 'week' | 'month';
  olderThan: Date;
}): Promise<string[]> {
  const { knex, parent, unit, olderThan } = options;
  const dropped: string[] = [];
  for (const name of await listPartitions(knex, parent)) {
    const start = DateTime.fromFormat(name.slice(-8), 'yyyyMMdd', {
      zone: 'utc',
    });
    const end = start.plus({ [unit]: 1 });
    if (
      start.isValid &&
      end.toJSDate() < olderThan &&
      !(await hasActiveRuns(knex, start.toJSDate(), end.toJSDate()))
    ) {
      await dropTable(knex, name);
      dropped.push(name);
    }
  }
  return dropped;
}

async function listPartitions(knex: Knex, parent: string): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass(?) and c.relname ~ '_[0-9]{8}$' order by 1`,
    [parent],
  );
  return rows.map(row => row.name);
}

async function hasActiveRuns(
  knex: Knex,
  start: Date,
  end: Date,
): Promise<boolean> {
  const row = await knex('runs')
    .where('id', '>=', uuidAt(start))
    .andWhere('id', '<', uuidAt(end))
    .whereNull('finished_at')
    .first('id');
  return row !== undefined;
}

async function dropTable(knex: Knex, name: string): Promise<void> {
  await knex.transaction(async trx => {
    await trx.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await trx.raw('drop table ??', [name]);
  });
}

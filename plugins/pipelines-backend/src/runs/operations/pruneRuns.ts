import type { Knex } from 'knex';
import { uuidAt } from '../uuidAt';

/**
 * Deletes up to `limit` of the oldest runs that were submitted before `olderThan` and have ended,
 * or that nobody has reported on since then, with everything that hangs on them.
 *
 * @param options - `removeFiles` removes what they have outside of the database; when it
 * rejects, nothing is deleted
 * @returns how many runs were deleted
 */
export async function pruneRuns(options: {
  knex: Knex;
  olderThan: Date;
  limit: number;
  removeFiles: (runIds: readonly string[]) => Promise<void>;
}): Promise<number> {
  const { knex, olderThan, limit, removeFiles } = options;
  return knex.transaction(async trx => {
    const rows = await trx('runs')
      .where('id', '<', uuidAt(olderThan))
      .where(query =>
        query
          .whereNotNull('finished_at')
          // A reporter that fell silent will never say how it ended.
          .orWhere(silent =>
            silent
              .whereNot('origin', 'own')
              .andWhere('last_report_at', '<', olderThan),
          ),
      )
      .orderBy('id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .select('id');
    const runIds = rows.map(row => row.id as string);
    if (runIds.length > 0) {
      await removeFiles(runIds);
      await trx('log_chunks').whereIn('run_id', runIds).delete();
      await trx('run_events').whereIn('run_id', runIds).delete();
      await trx('runs').whereIn('id', runIds).delete();
    }
    return runIds.length;
  });
}

import { MAX_FAILURES_DAYS } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** Deletes counts of hours that nobody can ask for any more; returns how many. */
export async function pruneCounts(options: {
  knex: Knex;
  limit: number;
}): Promise<number> {
  const { rowCount } = await options.knex.raw<{ rowCount: number }>(
    `delete from failure_counts where ctid = any(array(
       select ctid from failure_counts where hour < now() - :days * interval '1 day' limit :limit))`,
    { days: MAX_FAILURES_DAYS + 2, limit: options.limit },
  );
  return rowCount;
}

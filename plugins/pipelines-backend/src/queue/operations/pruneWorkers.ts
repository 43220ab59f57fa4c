import type { Knex } from 'knex';

/** Forgets the workers of which nothing was heard for a day and that hold no lease. */
export async function pruneWorkers(options: { knex: Knex }): Promise<number> {
  const { rowCount } = await options.knex.raw<{ rowCount: number }>(
    `delete from workers w where heartbeat_at < now() - interval '1 day'
        and not exists (select from runs where lease_owner = w.id and lease_token is not null)`,
  );
  return rowCount;
}

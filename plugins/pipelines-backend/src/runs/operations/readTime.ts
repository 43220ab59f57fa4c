import type { Knex } from 'knex';

/** The time of the database. */
export async function readTime(knex: Knex): Promise<Date> {
  const { rows } = await knex.raw<{ rows: { now: Date }[] }>(
    'select now() as now',
  );
  return rows[0].now;
}

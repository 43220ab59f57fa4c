import type { Knex } from 'knex';

/** The newest revision of the settings of one scope. */
export interface NewestSettings {
  /** `portal`, or `pipeline:<id>`. */
  scope: string;
  revision: number;
  patch: unknown;
}

/** What holds of everything that was ever edited, one for each scope. */
export async function readNewestSettings(
  knex: Knex,
): Promise<NewestSettings[]> {
  return knex<NewestSettings>('settings_revisions')
    .distinctOn('scope')
    .orderBy([
      // Both the same way, so that the primary key gives the order.
      { column: 'scope', order: 'desc' },
      { column: 'revision', order: 'desc' },
    ])
    .select('scope', 'revision', 'patch');
}

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
    .orderBy([{ column: 'scope' }, { column: 'revision', order: 'desc' }])
    .select('scope', 'revision', 'patch');
}

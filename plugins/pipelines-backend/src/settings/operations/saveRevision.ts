import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { RevisionRow } from '../types';

/** A revision to be saved, and the one that was edited. */
export interface NewRevision {
  scope: string;
  baseRevision: number;
  patch: JsonObject;
  author: string;
  note?: string;
  /** The revision that it brings back. */
  restored?: number;
}

/**
 * Saves a patch as the next revision; undefined when the one that was edited is not the newest.
 *
 * @remarks
 * Two at once write the same number, and the primary key lets one of them through.
 */
export async function saveRevision(
  knex: Knex,
  revision: NewRevision,
): Promise<RevisionRow | undefined> {
  const { rows } = await knex.raw<{ rows: RevisionRow[] }>(
    `insert into settings_revisions (scope, revision, patch, author, note, restored)
     select :scope, newest.revision + 1, :patch, :author, :note, :restored
       from (select coalesce(max(revision), 0) as revision from settings_revisions
              where scope = :scope) as newest
      where newest.revision = :baseRevision::bigint
     on conflict (scope, revision) do nothing
     returning *`,
    {
      ...revision,
      patch: JSON.stringify(revision.patch),
      note: revision.note ?? null,
      restored: revision.restored ?? null,
    },
  );
  return rows[0];
}

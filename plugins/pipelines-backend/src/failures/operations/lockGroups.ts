import type { Knex } from 'knex';
import type { Fingerprint } from '../fingerprint';
import type { FailureGroupRow } from '../types';

/** Makes the groups that are missing, and locks all of them, in the order of their keys. */
export async function lockGroups(
  trx: Knex.Transaction,
  groups: readonly Fingerprint[],
): Promise<FailureGroupRow[]> {
  const sorted = [...groups].sort((a, b) =>
    a.fingerprint < b.fingerprint ? -1 : 1,
  );
  await trx('failure_groups')
    .insert(
      sorted.map(({ fingerprint, kind, step, template }) => ({
        fingerprint,
        kind,
        step: step ?? null,
        template,
      })),
    )
    .onConflict('fingerprint')
    .ignore();
  return trx('failure_groups')
    .whereIn(
      'fingerprint',
      sorted.map(({ fingerprint }) => fingerprint),
    )
    .orderBy('fingerprint')
    .forUpdate();
}

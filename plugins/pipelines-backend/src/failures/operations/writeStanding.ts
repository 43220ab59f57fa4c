import type { Knex } from 'knex';
import type { Actor } from '../../runs';
import type { FailureChange, FailureGroupRow } from '../types';

/** Changes the state of a group that the transaction has locked. */
export async function writeStanding(
  trx: Knex.Transaction,
  fingerprint: string,
  change: FailureChange,
  actor: Actor,
): Promise<FailureGroupRow> {
  const [row] = await trx('failure_groups')
    .where({ fingerprint })
    .update({
      ...change,
      changed_at: trx.raw('clock_timestamp()'),
      changed_by: actor,
    })
    .returning('*');
  return row;
}

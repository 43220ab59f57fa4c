import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import type { BulkItemRow, BulkOutcome } from '../types';

/**
 * Acts on one run of a bulk action and writes what came of it, both or neither.
 *
 * @remarks
 * Locks the item first, so that of two executions that overlap only one acts.
 *
 * @param options - `act` writes in the transaction and answers with what came of it
 * @returns undefined when somebody has settled it before
 */
export async function settleItem(options: {
  knex: Knex;
  item: Pick<BulkItemRow, 'bulk_run_id' | 'position'>;
  act: (trx: Knex.Transaction) => Promise<BulkOutcome>;
}): Promise<BulkOutcome | undefined> {
  const { knex, item, act } = options;
  const place = { bulk_run_id: item.bulk_run_id, position: item.position };
  return inTransaction(knex, {}, async trx => {
    const pending = await trx('bulk_items')
      .where({ ...place, state: 'pending' })
      .forUpdate()
      .first('position');
    if (!pending) {
      return undefined;
    }
    const outcome = await act(trx);
    await trx('bulk_items')
      .where(place)
      .update({
        state: outcome.state,
        message: outcome.message ?? null,
        new_run_id: outcome.newRunId ?? null,
      });
    return outcome;
  });
}

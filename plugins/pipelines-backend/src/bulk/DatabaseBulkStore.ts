import type { Knex } from 'knex';
import type { RunCandidate } from '../runs';
import { countItems } from './operations/countItems';
import { insertItems } from './operations/insertItems';
import { listItemPipelines } from './operations/listItemPipelines';
import { listItems } from './operations/listItems';
import { readBulk } from './operations/readBulk';
import { settleItem } from './operations/settleItem';
import type { BulkItemRow, BulkOutcome } from './types';

/** The bulk actions in the plugin's database: runs of a pipeline of our own, and their items. */
export class DatabaseBulkStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  insertItems(
    trx: Knex.Transaction,
    bulkId: string,
    items: readonly RunCandidate[],
  ) {
    return insertItems({ trx, bulkId, items });
  }

  read(bulkId: string) {
    return readBulk({ knex: this.#knex, bulkId });
  }

  count(bulkId: string) {
    return countItems({ knex: this.#knex, bulkId });
  }

  listPipelines(bulkId: string) {
    return listItemPipelines({ knex: this.#knex, bulkId });
  }

  listItems(options: {
    bulkId: string;
    state?: BulkItemRow['state'];
    after: number;
    limit: number;
  }) {
    return listItems({ knex: this.#knex, ...options });
  }

  settle(
    item: BulkItemRow,
    act: (trx: Knex.Transaction) => Promise<BulkOutcome>,
  ) {
    return settleItem({ knex: this.#knex, item, act });
  }
}

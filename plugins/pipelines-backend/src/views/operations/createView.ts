import type { ViewPage } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { v7 as uuidV7 } from 'uuid';
import { inTransaction } from '../../database';
import type { Actor } from '../../runs';
import type { ViewRow } from '../types';
import { assertRoom } from './assertRoom';
import { recordViewEvent } from './recordViewEvent';

/** A view to be saved. */
export interface NewView {
  page: ViewPage;
  name: string;
  query: string;
  owner: string;
}

/**
 * Saves a new view, with its event.
 *
 * @throws ConflictError when the owner has one of this name, or too many
 */
export function createView(
  knex: Knex,
  view: NewView,
  actor: Actor,
): Promise<ViewRow> {
  return inTransaction(knex, {}, async trx => {
    await assertRoom(trx, view);
    const [row] = await trx<ViewRow>('saved_views')
      .insert({
        id: uuidV7(),
        ...view,
        created_by: actor,
        changed_by: actor,
      })
      .returning('*');
    await recordViewEvent(trx, { view: row, name: 'created', actor });
    return row;
  });
}

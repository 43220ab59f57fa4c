import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import type { Person, ViewRow } from '../types';
import { lockView } from './lockView';
import { recordViewEvent } from './recordViewEvent';

/**
 * Deletes a view, with an event that keeps what it was.
 *
 * @throws NotFoundError when there is none; NotAllowedError when it is not this person's to edit
 */
export function deleteView(
  knex: Knex,
  viewId: string,
  person: Person,
): Promise<ViewRow> {
  return inTransaction(knex, {}, async trx => {
    const view = await lockView(trx, viewId, person);
    await trx('saved_views').where({ id: viewId }).delete();
    await recordViewEvent(trx, {
      view,
      name: 'deleted',
      actor: person.actor,
    });
    return view;
  });
}

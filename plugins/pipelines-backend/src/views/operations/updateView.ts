import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import { assertOwner } from '../assertOwner';
import type { Person, ViewRow } from '../types';
import { assertRoom } from './assertRoom';
import { lockView } from './lockView';
import { recordViewEvent } from './recordViewEvent';

/** What a view is to be. */
export interface ViewChange {
  viewId: string;
  name: string;
  query: string;
  owner: string;
  /** The revision that was edited. */
  revision: number;
}

/**
 * Saves a view as its next revision, with its event.
 *
 * @throws NotFoundError when there is none; NotAllowedError when it is not this person's to edit,
 * or not theirs to give to that owner; ConflictError when somebody else has changed it, or its
 * owner has one of this name or too many
 */
export function updateView(
  knex: Knex,
  change: ViewChange,
  person: Person,
): Promise<ViewRow> {
  const { viewId, name, query, owner, revision } = change;
  return inTransaction(knex, {}, async trx => {
    const old = await lockView(trx, viewId, person);
    if (old.revision !== revision) {
      throw new ConflictError(
        `View '${old.name}' was changed by '${
          old.changed_by
        }' at ${old.changed_at.toISOString()}, since revision ${revision}, which you edited; read it again and decide what is to hold`,
      );
    }
    if (owner !== old.owner) {
      assertOwner(owner, person);
    }
    await assertRoom(trx, { owner, page: old.page, name }, viewId);
    const [row] = await trx<ViewRow>('saved_views')
      .where({ id: viewId })
      .update({
        name,
        query,
        owner,
        revision: revision + 1,
        changed_by: person.actor,
        changed_at: trx.fn.now(),
      })
      .returning('*');
    await recordViewEvent(trx, {
      view: row,
      name: 'changed',
      actor: person.actor,
    });
    return row;
  });
}

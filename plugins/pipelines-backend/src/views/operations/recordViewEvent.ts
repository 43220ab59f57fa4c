import type { Knex } from 'knex';
import type { Actor } from '../../runs';
import type { ViewRow } from '../types';

/** Records what was done to a view and how it was then, in the transaction of what it records. */
export async function recordViewEvent(
  trx: Knex.Transaction,
  event: {
    view: ViewRow;
    name: 'created' | 'changed' | 'deleted';
    actor: Actor;
  },
): Promise<void> {
  const { id, name, query, owner, revision } = event.view;
  await trx('view_events').insert({
    view_id: id,
    name: event.name,
    actor: event.actor,
    view: JSON.stringify({ name, query, owner, revision }),
  });
}

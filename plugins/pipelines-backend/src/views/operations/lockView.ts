import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { isEditableBy } from '../isEditableBy';
import type { Person, ViewRow } from '../types';

/**
 * The view, which stays as it is until the transaction ends.
 *
 * @throws NotFoundError when there is none; NotAllowedError when it is not this person's to edit
 */
export async function lockView(
  trx: Knex.Transaction,
  viewId: string,
  person: Person,
): Promise<ViewRow> {
  const row = await trx<ViewRow>('saved_views')
    .where({ id: viewId })
    .forUpdate()
    .first();
  if (!row) {
    throw new NotFoundError(`No view '${viewId}'`);
  }
  if (!isEditableBy(row, person)) {
    throw new NotAllowedError(
      `View '${row.name}' belongs to '${row.owner}', and you cannot edit it; save it under a name of your own`,
    );
  }
  return row;
}

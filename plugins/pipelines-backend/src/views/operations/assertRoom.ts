import { ConflictError } from '@backstage/errors';
import {
  MAX_VIEWS_PER_OWNER,
  type ViewPage,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/**
 * Makes sure that the owner can have one more view of this name, until the transaction ends.
 *
 * @throws ConflictError when there is one of this name, or there are too many
 */
export async function assertRoom(
  trx: Knex.Transaction,
  view: { owner: string; page: ViewPage; name: string },
  /** Not counted: the view that is changed. */
  exceptId?: string,
): Promise<void> {
  const { owner, page, name } = view;
  // Rows that others are about to insert cannot be locked or counted.
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `saved view of ${owner}`,
  ]);
  const { rows } = await trx.raw<{ rows: { count: number; taken: boolean }[] }>(
    `select count(*)::integer as count,
       coalesce(bool_or(page = :page and lower(name) = lower(:name)), false) as taken
       from saved_views where owner = :owner and id is distinct from :exceptId::uuid`,
    { owner, page, name, exceptId: exceptId ?? null },
  );
  const [{ count, taken }] = rows;
  if (taken) {
    throw new ConflictError(
      `There is a view '${name}' of '${owner}' already; choose another name`,
    );
  }
  if (count >= MAX_VIEWS_PER_OWNER) {
    throw new ConflictError(
      `There are ${count} views of '${owner}', which is the most that there can be; delete one first`,
    );
  }
}

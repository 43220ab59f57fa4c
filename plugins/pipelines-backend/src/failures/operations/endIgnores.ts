import type { Knex } from 'knex';
import { SYSTEM_ACTOR } from '../types';

/** Makes failures unresolved that were ignored until a time that has come, with an event each. */
export async function endIgnores(options: {
  knex: Knex;
  limit: number;
}): Promise<number> {
  const { rows } = await options.knex.raw<{ rows: unknown[] }>(
    `with ended as (
       update failure_groups set state = 'unresolved', ignored_until = null, ignored_count = null,
         changed_at = clock_timestamp(), changed_by = :actor
        where fingerprint in (
          select fingerprint from failure_groups where ignored_until <= now()
           order by ignored_until limit :limit for update skip locked)
        returning fingerprint)
     insert into failure_events (fingerprint, name, actor)
     select fingerprint, 'ignore-ended', :actor from ended returning id`,
    { actor: SYSTEM_ACTOR, limit: options.limit },
  );
  return rows.length;
}

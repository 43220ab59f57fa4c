import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import type { Actor } from '../../runs';
import type { FailureGroupRow } from '../types';
import { recordFailureEvent } from './recordFailureEvent';
import { writeStanding } from './writeStanding';

/** What somebody says about a failure. */
export interface FailureAction {
  fingerprint: string;
  actor: Actor;
  name: 'resolved' | 'ignored' | 'unresolved';
  reason?: string;
  /** For `ignored`. */
  until?: Date;
  /** For `ignored`. */
  count?: number;
}

/**
 * Writes it, with its event.
 *
 * @throws NotFoundError when there is no such failure; ConflictError when it is resolved or
 * unresolved already; InputError when the time until which it is ignored is over
 */
export function changeFailure(options: {
  knex: Knex;
  action: FailureAction;
}): Promise<FailureGroupRow> {
  const { action } = options;
  const { fingerprint, name, actor, until, count } = action;
  return inTransaction(options.knex, {}, async trx => {
    const group: FailureGroupRow | undefined = await trx('failure_groups')
      .where({ fingerprint })
      .forUpdate()
      .first();
    if (!group) {
      throw new NotFoundError(`No failure '${fingerprint}'`);
    }
    assertChanges(group, name);
    await assertFuture(trx, until);
    const row = await writeStanding(
      trx,
      fingerprint,
      {
        state: name,
        ignored_until: until ?? null,
        ignored_count: count ?? null,
      },
      actor,
    );
    await recordFailureEvent(trx, action);
    return row;
  });
}

/** Being ignored can be said again, because for how long may differ. */
function assertChanges(
  group: FailureGroupRow,
  name: FailureAction['name'],
): void {
  if (name !== 'ignored' && group.state === name) {
    throw new ConflictError(
      `Failure '${group.fingerprint}' is ${name} already${
        group.changed_at
          ? `, since ${group.changed_at.toISOString()} by ${group.changed_by}`
          : ''
      }`,
    );
  }
}

async function assertFuture(
  trx: Knex.Transaction,
  until: Date | undefined,
): Promise<void> {
  if (until) {
    const { rows } = await trx.raw('select ?::timestamptz > now() as ahead', [
      until,
    ]);
    if (!rows[0].ahead) {
      throw new InputError('until: a failure can be ignored only until later');
    }
  }
}

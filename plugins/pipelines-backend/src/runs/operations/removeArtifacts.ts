import type { Knex } from 'knex';
import { appendEvent } from './appendEvent';
import { RETENTION_ACTOR } from './removeLog';

/** Removes what is known of the artifacts of an ended run, whose files are gone already. */
export async function removeArtifacts(options: {
  knex: Knex;
  runId: string;
  /** How long the pipeline keeps artifacts. */
  days: number;
}): Promise<void> {
  const { knex, runId, days } = options;
  await knex.transaction(async trx => {
    const names: string[] = await trx('run_artifacts')
      .where({ run_id: runId })
      .delete()
      .returning('name')
      .then(rows => rows.map(({ name }) => name));
    await trx('runs')
      .where({ id: runId })
      .update({ artifacts_removed_at: trx.fn.now() });
    await appendEvent(trx, {
      runId,
      kind: 'action',
      name: 'artifacts_removed',
      actor: RETENTION_ACTOR,
      details: { keptDays: days, names },
    });
  });
}

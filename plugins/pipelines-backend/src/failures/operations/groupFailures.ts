import type { Knex } from 'knex';
import { inTransaction } from '../../database';
import { afterOccurrences } from '../afterOccurrences';
import { fingerprintOf, type Fingerprint } from '../fingerprint';
import { SYSTEM_ACTOR } from '../types';
import { countOccurrences, type CountedOccurrence } from './countOccurrences';
import { lockGroups } from './lockGroups';
import { recordFailureEvent } from './recordFailureEvent';
import { takeFailedRuns, type FailedRunRow } from './takeFailedRuns';
import { writeStanding } from './writeStanding';

/**
 * Gives the newest runs that wait for it their failure, all at once or not at all: their
 * fingerprints, the groups, the counts, and what follows for the states of the groups.
 *
 * @returns how many runs were taken
 */
export function groupFailures(options: {
  knex: Knex;
  limit: number;
}): Promise<number> {
  return inTransaction(options.knex, {}, async trx => {
    const { taken, runs } = await takeFailedRuns(trx, options.limit);
    if (runs.length > 0) {
      await group(trx, runs);
    }
    return taken;
  });
}

async function group(
  trx: Knex.Transaction,
  runs: readonly FailedRunRow[],
): Promise<void> {
  const fingerprints = new Map<string, Fingerprint>();
  const occurrences = runs.map((run): CountedOccurrence => {
    const found = fingerprintOf({
      kind: run.error_kind ?? 'unknown',
      message: run.error_message ?? '',
      step: run.error_step ?? undefined,
    });
    fingerprints.set(found.fingerprint, found);
    return {
      fingerprint: found.fingerprint,
      runId: run.id,
      pipelineId: run.pipeline_id,
      at: run.at,
    };
  });
  const groups = await lockGroups(trx, [...fingerprints.values()]);
  await countOccurrences(trx, occurrences);
  for (const row of groups) {
    const consequence = afterOccurrences(
      row,
      occurrences.filter(({ fingerprint }) => fingerprint === row.fingerprint),
    );
    if (consequence?.event) {
      await writeStanding(
        trx,
        row.fingerprint,
        consequence.change,
        SYSTEM_ACTOR,
      );
      await recordFailureEvent(trx, consequence.event);
    } else if (consequence) {
      await trx('failure_groups')
        .where({ fingerprint: row.fingerprint })
        .update(consequence.change);
    }
  }
}

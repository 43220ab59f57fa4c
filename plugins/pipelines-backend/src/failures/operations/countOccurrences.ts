import type { Knex } from 'knex';
import type { Occurrence } from '../afterOccurrences';

/** An occurrence of a failure. */
export type CountedOccurrence = Occurrence & { fingerprint: string };

/**
 * Writes down which failure ended each run, and counts it by pipeline and by hour.
 *
 * @remarks
 * Rows are written in the order of their keys, so that two processes never wait for each other.
 */
export async function countOccurrences(
  trx: Knex.Transaction,
  occurrences: readonly CountedOccurrence[],
): Promise<void> {
  const bindings = {
    runs: occurrences.map(({ runId }) => runId),
    fingerprints: occurrences.map(({ fingerprint }) => fingerprint),
    pipelines: occurrences.map(({ pipelineId }) => pipelineId),
    times: occurrences.map(({ at }) => at.toISOString()),
  };
  const seen = `unnest(:runs::uuid[], :fingerprints::text[], :pipelines::text[], :times::timestamptz[])
    as seen (run_id, fingerprint, pipeline_id, at)`;
  await trx.raw(
    `update runs set fingerprint = seen.fingerprint from ${seen} where runs.id = seen.run_id`,
    bindings,
  );
  await trx.raw(
    `insert into failure_pipelines (fingerprint, pipeline_id, first_seen, last_seen, runs, last_run_id)
     select fingerprint, pipeline_id, min(at), max(at), count(*), (array_agg(run_id order by at desc, run_id desc))[1]
       from ${seen} group by fingerprint, pipeline_id order by fingerprint, pipeline_id
     on conflict (fingerprint, pipeline_id) do update set
       first_seen = least(failure_pipelines.first_seen, excluded.first_seen),
       last_seen = greatest(failure_pipelines.last_seen, excluded.last_seen),
       runs = failure_pipelines.runs + excluded.runs,
       last_run_id = case when excluded.last_seen >= failure_pipelines.last_seen
         then excluded.last_run_id else failure_pipelines.last_run_id end`,
    bindings,
  );
  await trx.raw(
    `insert into failure_counts (fingerprint, pipeline_id, hour, runs)
     select fingerprint, pipeline_id, date_trunc('hour', at, 'UTC'), count(*)
       from ${seen} group by 1, 2, 3 order by 1, 2, 3
     on conflict (fingerprint, pipeline_id, hour) do update set runs = failure_counts.runs + excluded.runs`,
    bindings,
  );
}

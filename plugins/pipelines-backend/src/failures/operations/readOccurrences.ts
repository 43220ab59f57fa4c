import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { FailurePeriod } from '../types';

/** A pipeline of a failure, with figures of the whole failure. */
export interface FailurePipelineRow {
  fingerprint: string;
  pipeline_id: string;
  title: string;
  owner_ref: string | null;
  last_seen: Date;
  /** In the period. */
  occurrences: number;
  /** Of the failure in all pipelines of the set. */
  group_first_seen: Date;
  group_last_seen: Date;
  group_runs: number;
  group_pipelines: number;
}

/** Occurrences in one span of the period. */
export interface SpanRow {
  fingerprint: string;
  span: number;
  runs: number;
}

/**
 * Where and when these failures occurred, of the pipelines in the set.
 *
 * @param options - `pipelinesEach` is how many pipelines are named of each, newest first
 */
export async function readOccurrences(options: {
  knex: Knex;
  fingerprints: readonly string[];
  pipelines: PipelineSet;
  period: FailurePeriod;
  pipelinesEach: number;
}): Promise<{ pipelines: FailurePipelineRow[]; spans: SpanRow[] }> {
  const { knex, pipelines, period } = options;
  const bindings = {
    fingerprints: options.fingerprints,
    pipelines: pipelines === 'all' ? [] : pipelines,
    start: period.start,
    hours: period.hours,
    each: options.pipelinesEach,
  };
  const wanted = `fingerprint = any(:fingerprints)${
    pipelines === 'all' ? '' : ' and pipeline_id = any(:pipelines)'
  }`;
  const named = await knex.raw<{ rows: FailurePipelineRow[] }>(
    `with placed as (
       select fingerprint, pipeline_id, last_seen,
         row_number() over (partition by fingerprint order by last_seen desc, pipeline_id) as place,
         min(first_seen) over (partition by fingerprint) as group_first_seen,
         max(last_seen) over (partition by fingerprint) as group_last_seen,
         (sum(runs) over (partition by fingerprint))::float as group_runs,
         (count(*) over (partition by fingerprint))::int as group_pipelines
       from failure_pipelines where ${wanted})
     select placed.*, p.title, p.owner_ref,
       (select coalesce(sum(c.runs), 0)::int from failure_counts c
         where c.fingerprint = placed.fingerprint and c.pipeline_id = placed.pipeline_id
           and c.hour >= :start) as occurrences
      from placed join pipelines p on p.id = placed.pipeline_id
     where place <= :each order by placed.fingerprint, place`,
    bindings,
  );
  const spans = await knex.raw<{ rows: SpanRow[] }>(
    `select fingerprint, floor(extract(epoch from hour - :start) / 3600 / :hours)::int as span,
       sum(runs)::int as runs
      from failure_counts where ${wanted} and hour >= :start group by 1, 2`,
    bindings,
  );
  return { pipelines: named.rows, spans: spans.rows };
}

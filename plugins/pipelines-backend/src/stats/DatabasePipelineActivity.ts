import {
  ACTIVE_RUN_STATES,
  type RecentRun,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineActivity } from '../definitions';

interface RecentRow {
  pipeline_id: string;
  id: string;
  state: RunState;
  queued_at: Date;
  duration_ms: string | null;
}

/** Reads what the runs of pipelines are doing, one index scan per pipeline. */
export class DatabasePipelineActivity implements PipelineActivity {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async countActive(pipelineIds: readonly string[]) {
    const { rows } = await this.#knex.raw<{
      rows: { pipeline_id: string; queued: string; running: string }[];
    }>(
      `select pipeline_id, count(*) filter (where state = 'queued') as queued,
         count(*) filter (where state <> 'queued') as running
       from runs where pipeline_id = any(?) and state = any(?) and state <> 'succeeded' group by pipeline_id`,
      [[...pipelineIds], [...ACTIVE_RUN_STATES]],
    );
    return new Map(
      rows.map(row => [
        row.pipeline_id,
        { queued: Number(row.queued), running: Number(row.running) },
      ]),
    );
  }

  async listRecent(pipelineIds: readonly string[], limit: number) {
    const { rows } = await this.#knex.raw<{ rows: RecentRow[] }>(
      `select recent.* from unnest(?::text[]) as wanted (id)
       cross join lateral (
         select pipeline_id, runs.id, state, queued_at,
           round(extract(epoch from finished_at - started_at) * 1000)::bigint as duration_ms
         from runs where pipeline_id = wanted.id order by runs.id desc limit ?
       ) as recent`,
      [[...pipelineIds], limit],
    );
    const recent = new Map<string, RecentRun[]>();
    for (const row of rows) {
      const runs = recent.get(row.pipeline_id) ?? [];
      runs.push(presentRecentRun(row));
      recent.set(row.pipeline_id, runs);
    }
    return recent;
  }
}

function presentRecentRun(row: RecentRow): RecentRun {
  return {
    id: row.id,
    state: row.state,
    queuedAt: row.queued_at.toISOString(),
    ...(row.duration_ms !== null && { durationMs: Number(row.duration_ms) }),
  };
}

import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** A row of the table `run_events`. */
export interface RunEventRow {
  seq: number;
  at: Date;
  kind: 'transition' | 'action' | 'runner' | 'warning';
  name: string;
  from_state: RunState | null;
  to_state: RunState | null;
  attempt: number | null;
  actor: string;
  reason: string | null;
  details: string | null;
}

/** Events of a run, newest first, below `before` where that is given. */
export async function listEvents(options: {
  knex: Knex;
  runId: string;
  before?: number;
  limit: number;
}): Promise<RunEventRow[]> {
  const { knex, runId, before, limit } = options;
  const query = knex('run_events')
    .where({ run_id: runId })
    .select(
      'seq',
      'at',
      'kind',
      'name',
      'from_state',
      'to_state',
      'attempt',
      'actor',
      'reason',
      'details',
    )
    .orderBy('seq', 'desc')
    .limit(limit);
  return before === undefined ? query : query.where('seq', '<', before);
}

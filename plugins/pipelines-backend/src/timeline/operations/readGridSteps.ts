import {
  MAX_GRID_STEPS,
  type StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/** What a grid shows of a run beside what lists show. */
export interface GridRunRow {
  id: string;
  settings_revision: number;
  /** Of the latest attempt, in order of position; times are as JSON has them. */
  steps: {
    name: string;
    state: StepState;
    startedAt: string | null;
    finishedAt: string | null;
  }[];
}

/** The settings and the first steps of the latest attempt of each of these runs. */
export async function readGridSteps(
  knex: Knex,
  runIds: readonly string[],
): Promise<GridRunRow[]> {
  const { rows } = await knex.raw<{ rows: GridRunRow[] }>(
    `select runs.id, runs.settings_revision, coalesce(found.steps, '[]') as steps
       from runs cross join lateral (
         select json_agg(json_build_object('name', name, 'state', state,
           'startedAt', started_at, 'finishedAt', finished_at) order by position) as steps
           from (select name, state, position, started_at, finished_at from run_steps
             where run_id = runs.id and attempt = runs.attempt order by position limit :most) as first
       ) as found
      where runs.id = any(:runIds)`,
    { runIds: [...runIds], most: MAX_GRID_STEPS },
  );
  return rows;
}

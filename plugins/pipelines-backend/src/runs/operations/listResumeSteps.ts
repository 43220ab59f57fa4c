import { UNSUCCESSFUL_RUN_STATES } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

/**
 * The first step that did not succeed, of each of these runs that ended without success.
 *
 * @remarks
 * Only the latest attempt counts. A step that was skipped before one that succeeded or failed
 * was left out on purpose; one after that was never reached. A run that itself began at a step
 * and reported none has come no further.
 *
 * @returns names of steps by id of the run; runs without such a step are left out
 */
export async function listResumeSteps(options: {
  knex: Knex;
  runIds: readonly string[];
}): Promise<Map<string, string>> {
  const { knex, runIds } = options;
  const { rows } = await knex.raw<{ rows: { id: string; step: string }[] }>(
    `with latest as (
       select r.id, coalesce(s.name, r.resume_from) as step, s.state, s.position,
         max(s.position) filter (where s.state = 'succeeded') over (partition by r.id) as reached
         from runs r left join run_steps s on s.run_id = r.id and s.attempt = r.attempt
        where r.id = any(:runIds) and r.state = any(:states))
     select distinct on (id) id, step from latest
      where step is not null
        and (state is null or state in ('failed', 'cancelled')
          or state = 'skipped' and position > coalesce(reached, -1))
      order by id, (state = 'skipped'), position`,
    { runIds, states: [...UNSUCCESSFUL_RUN_STATES, 'cancelled'] },
  );
  return new Map(rows.map(({ id, step }) => [id, step]));
}

import type {
  RunState,
  StepState,
} from '@millrace/backstage-plugin-pipelines-common';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidV7 } from 'uuid';

const LEASED: readonly RunState[] = [
  'starting',
  'running',
  'pausing',
  'paused',
  'cancelling',
];

/**
 * Writes a run in any state as it is, without its history, for tests of what follows.
 *
 * @param run - columns of the table; `steps` are those of its first attempt, in order
 * @returns its id
 */
export async function insertRun(
  knex: Knex,
  run: {
    pipeline_id: string;
    state: RunState;
    id?: string;
    steps?: readonly (readonly [name: string, state: StepState])[];
    [column: string]: unknown;
  },
): Promise<string> {
  const { steps, id = uuidV7(), ...columns } = run;
  const attempt = steps || run.state !== 'queued' ? 1 : 0;
  await knex('runs').insert({
    id,
    trigger: 'manual',
    title: run.pipeline_id,
    submitted_by: 'user:default/alice',
    attempt,
    finished_at: isTerminalRunState(run.state) ? knex.fn.now() : null,
    ...(LEASED.includes(run.state) && {
      lease_token: randomUUID(),
      lease_owner: 'worker-a',
      lease_expires_at: knex.raw(`now() + interval '1 hour'`),
      heartbeat_at: knex.fn.now(),
    }),
    ...columns,
  });
  if (attempt > 0) {
    await knex('run_attempts').insert({
      run_id: id,
      attempt,
      state: 'running',
      worker_id: 'worker-a',
      host: 'host-a',
      boot_id: 'boot-a',
    });
  }
  for (const [position, [name, state]] of (steps ?? []).entries()) {
    await knex('run_steps').insert({
      run_id: id,
      attempt,
      position,
      name,
      state,
    });
  }
  return id;
}

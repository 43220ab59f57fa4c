import type { Knex } from 'knex';
import type { WorkerRegistration } from '../types';

/** Makes a worker known, or known again; one that drains goes on draining. */
export async function registerWorker(options: {
  knex: Knex;
  worker: WorkerRegistration;
}): Promise<void> {
  const { knex, worker } = options;
  await knex('workers')
    .insert({
      id: worker.id,
      host: worker.host,
      boot_id: worker.bootId,
      pid: worker.pid,
      pid_start_ticks: worker.pidStartTicks ?? null,
      slots: worker.slots,
      version: worker.version,
      pipeline_ids: worker.pipelineIds ? [...worker.pipelineIds] : null,
      heartbeat_at: knex.raw('clock_timestamp()'),
      stopping_at: null,
    })
    .onConflict('id')
    .merge();
}

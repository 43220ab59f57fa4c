import type { Knex } from 'knex';
import type { HostIdentity } from '../types';

/** Other workers of the same host and boot that hold leases. */
export async function listNeighbours(options: {
  knex: Knex;
  worker: HostIdentity & { id: string };
}): Promise<{ id: string; pid: number; pidStartTicks?: number }[]> {
  const { knex, worker } = options;
  const { rows } = await knex.raw<{
    rows: { id: string; pid: number; pid_start_ticks: string | null }[];
  }>(
    `select id, pid, pid_start_ticks from workers w
      where host = :host and boot_id = :bootId and id <> :id
        and exists (select from runs where lease_owner = w.id and lease_token is not null)`,
    { host: worker.host, bootId: worker.bootId, id: worker.id },
  );
  return rows.map(row => ({
    id: row.id,
    pid: row.pid,
    pidStartTicks:
      row.pid_start_ticks === null ? undefined : Number(row.pid_start_ticks),
  }));
}

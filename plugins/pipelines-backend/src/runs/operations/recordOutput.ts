import type { Knex } from 'knex';
import type { Lease } from '../types';
import { lockLease } from './lockLease';

/**
 * Writes a JSON document that a run made, in place of an earlier one of this name and attempt.
 *
 * @returns whether it was written: false when the attempt would have more outputs, or
 * more bytes of them, than it may
 * @throws LeaseLostError when the lease is over
 */
export async function recordOutput(options: {
  trx: Knex.Transaction;
  lease: Lease;
  name: string;
  json: string;
  maxOutputs: number;
  /** Of all outputs of the attempt together. */
  maxTotalBytes: number;
}): Promise<boolean> {
  const { trx, lease, name, json, maxOutputs, maxTotalBytes } = options;
  await lockLease(trx, lease);
  const written = await trx.raw(
    `insert into run_outputs (run_id, attempt, name, json)
     select :runId, :attempt, :name, :json
       from run_outputs where run_id = :runId and attempt = :attempt
     having (count(*) < :maxOutputs or bool_or(name = :name))
        and coalesce(sum(octet_length(json)) filter (where name <> :name), 0)
          + octet_length(:json::text) <= :maxTotalBytes
     on conflict (run_id, attempt, name) do update
       set json = excluded.json, created_at = clock_timestamp()`,
    {
      runId: lease.runId,
      attempt: lease.attempt,
      name,
      json,
      maxOutputs,
      maxTotalBytes,
    },
  );
  return written.rowCount === 1;
}

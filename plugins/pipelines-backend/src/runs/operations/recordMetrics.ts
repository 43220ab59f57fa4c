import type { Knex } from 'knex';
import type { Lease } from '../types';
import { lockLease } from './lockLease';

/**
 * Writes the newest values of named numbers.
 *
 * @returns whether they were written: false when that would make more than `maxMetrics` names
 * @throws LeaseLostError when the lease is over
 */
export async function recordMetrics(options: {
  trx: Knex.Transaction;
  lease: Lease;
  metrics: Readonly<Record<string, number>>;
  maxMetrics: number;
}): Promise<boolean> {
  const { trx, lease, metrics, maxMetrics } = options;
  await lockLease(trx, lease);
  const written = await trx.raw(
    `update run_attempts a set metrics = a.metrics || newest.metrics
       from (select jsonb_object_agg(key, jsonb_build_object('value', value, 'at', clock_timestamp())) as metrics
               from jsonb_each(:metrics)) newest
      where a.run_id = :runId and a.attempt = :attempt
        and (select count(*) from jsonb_object_keys(a.metrics || newest.metrics)) <= :maxMetrics`,
    {
      runId: lease.runId,
      attempt: lease.attempt,
      metrics: JSON.stringify(metrics),
      maxMetrics,
    },
  );
  return written.rowCount === 1;
}

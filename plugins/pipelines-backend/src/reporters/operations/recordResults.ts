import { InputError } from '@backstage/errors';
import {
  MAX_REPORTED_METRICS,
  MAX_REPORTED_OUTPUTS,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';

const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Of all outputs of a run, because one answer shows them all. */
const MAX_TOTAL_OUTPUT_BYTES = 8 * 1024 * 1024;

/**
 * Writes the metrics and outputs of a report; others of earlier reports stay.
 *
 * @throws InputError when the run would have more of them than it may; then the transaction
 * must not be committed
 */
export async function recordResults(
  trx: Knex.Transaction,
  runId: string,
  results: {
    metrics?: Readonly<Record<string, number>>;
    outputs?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { metrics, outputs = {} } = results;
  if (metrics) {
    await recordMetrics(trx, runId, metrics);
  }
  if (Object.keys(outputs).length > 0) {
    await recordOutputs(trx, runId, outputs);
  }
}

async function recordMetrics(
  trx: Knex.Transaction,
  runId: string,
  metrics: Readonly<Record<string, number>>,
): Promise<void> {
  const { rows } = await trx.raw<{ rows: { total: number }[] }>(
    `update run_attempts a set metrics = a.metrics || newest.metrics
       from (select coalesce(jsonb_object_agg(key, jsonb_build_object('value', value, 'at', clock_timestamp())), '{}') as metrics
               from jsonb_each(:metrics)) newest
      where a.run_id = :runId and a.attempt = 1
     returning (select count(*)::integer from jsonb_object_keys(a.metrics)) as total`,
    { runId, metrics: JSON.stringify(metrics) },
  );
  if (rows[0].total > MAX_REPORTED_METRICS) {
    throw new InputError(
      `The run would have ${rows[0].total} metrics; at most ${MAX_REPORTED_METRICS} are kept`,
    );
  }
}

async function recordOutputs(
  trx: Knex.Transaction,
  runId: string,
  outputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const documents = Object.entries(outputs).map(([name, value]) => ({
    run_id: runId,
    attempt: 1,
    name,
    json: JSON.stringify(value) ?? 'null',
  }));
  const tooLarge = documents.find(
    ({ json }) => Buffer.byteLength(json) > MAX_OUTPUT_BYTES,
  );
  if (tooLarge) {
    throw new InputError(
      `The output '${tooLarge.name}' has more than ${MAX_OUTPUT_BYTES} bytes; report it as an artifact`,
    );
  }
  await trx('run_outputs')
    .insert(documents)
    .onConflict(['run_id', 'attempt', 'name'])
    .merge({
      json: trx.raw('excluded.json'),
      created_at: trx.raw('clock_timestamp()'),
    });
  const { rows } = await trx.raw<{ rows: { total: number; bytes: string }[] }>(
    `select count(*)::integer as total, sum(octet_length(json)) as bytes
       from run_outputs where run_id = ? and attempt = 1`,
    [runId],
  );
  const [{ total, bytes }] = rows;
  if (total > MAX_REPORTED_OUTPUTS || Number(bytes) > MAX_TOTAL_OUTPUT_BYTES) {
    throw new InputError(
      `The run would have ${total} outputs of ${bytes} bytes; at most ${MAX_REPORTED_OUTPUTS} of together ${MAX_TOTAL_OUTPUT_BYTES} bytes are kept`,
    );
  }
}

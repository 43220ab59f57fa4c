import type { Knex } from 'knex';

/** Everything that a request can change; not what tasks and heartbeats change by themselves. */
const TABLES = {
  runs: `- 'fingerprint'`,
  run_attempts: '',
  run_steps: '',
  run_events: '',
  run_keys: '',
  run_secrets: '',
  run_outputs: '',
  run_artifacts: '',
  log_chunks: '',
  foreign_runs: '',
  bulk_items: '',
  planned_starts: '',
  failure_groups: '',
  failure_events: '',
  queue_events: '',
  queue_pauses: '',
  settings_revisions: '',
  saved_views: '',
  view_events: '',
  workers: `- 'heartbeat_at'`,
};

/** A digest of each table, the same as long as nothing in it has changed. */
export async function snapshotTables(
  knex: Knex,
): Promise<Record<keyof typeof TABLES, string>> {
  const digests = Object.entries(TABLES).map(
    ([table, without]) =>
      `(select md5(coalesce(string_agg(line, ' ' order by line), ''))
          from (select (to_jsonb(t) ${without})::text as line from ${table} t) as lines) as ${table}`,
  );
  const { rows } = await knex.raw(`select ${digests.join(', ')}`);
  return rows[0];
}

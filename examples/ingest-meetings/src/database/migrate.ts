import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { type Archive } from './Archive.ts';

/** What a reader may see. */
const READABLE = [
  'source',
  'ingestion_runs',
  'workgroups',
  'meetings',
  'people',
  'meeting_people',
  'meeting_links',
  'video_chapters',
  'meeting_tags',
  'agenda_items',
  'action_items',
  'action_item_assignees',
  'decision_items',
  'discussion_points',
  'meeting_unknown_keys',
  'ingestion_errors',
  'meeting_summary_view',
  'ingestion_run_view',
  'error_log_view',
];

/** Applies the SQL files that the archive has not seen yet, in the order of their names, each in its transaction. */
export async function migrate(
  archive: Archive,
  folder: string,
): Promise<string[]> {
  return archive.whileMigrating(async () => {
    await archive.query(
      `create table if not exists public.ingest_migrations (
        name text primary key,
        applied_at timestamptz not null default now()
      )`,
    );
    const rows = await archive.query<{ name: string }>(
      'select name from public.ingest_migrations',
    );
    const applied = new Set(rows.map(row => row.name));
    const files = (await readdir(folder)).filter(name => name.endsWith('.sql'));
    const open = files.sort().filter(name => !applied.has(name));
    for (const name of open) {
      const sql = await readFile(join(folder, name), 'utf8');
      await archive.transaction(async () => {
        await archive.query(sql);
        await archive.query(
          'insert into public.ingest_migrations (name) values ($1)',
          [name],
        );
      });
    }
    return open;
  });
}

/**
 * Lets a role read what the pipeline writes, and nothing more.
 *
 * @param role - a checked identifier, see `ARCHIVE_READER_ROLE`
 */
export async function grantReader(
  archive: Archive,
  role: string,
): Promise<void> {
  const known = await archive.query(
    'select 1 from pg_roles where rolname = $1',
    [role],
  );
  if (known.length === 0) {
    throw new UsageError(
      `ARCHIVE_READER_ROLE names '${role}', and the database has no such role: create it, or leave the variable out`,
    );
  }
  const tables = READABLE.map(name => `public.${name}`).join(', ');
  await archive.whileMigrating(async () => {
    await archive.query(`grant usage on schema public to "${role}"`);
    await archive.query(`grant select on ${tables} to "${role}"`);
  });
}

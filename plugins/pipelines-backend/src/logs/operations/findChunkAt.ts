import type { Knex } from 'knex';
import type { AttemptId } from '../types';

/**
 * The number of the chunk that begins exactly at this byte of the log, or of the one to come
 * when the log ends there; undefined when no chunk border is there.
 */
export async function findChunkAt(
  knex: Knex,
  options: AttemptId & { byte: number },
): Promise<number | undefined> {
  const { runId, attempt, byte } = options;
  if (byte === 0) {
    return 0;
  }
  // Backwards, because whoever resumes was near the end
  const { rows } = await knex.raw<{
    rows: Array<{ chunk_no: number; byte_end: string }>;
  }>(
    `select chunk_no, byte_start + byte_len as byte_end from log_chunks
      where run_id = ? and attempt = ? and byte_start < ?
      order by chunk_no desc limit 1`,
    [runId, attempt, byte],
  );
  return rows[0] && Number(rows[0].byte_end) === byte
    ? rows[0].chunk_no + 1
    : undefined;
}

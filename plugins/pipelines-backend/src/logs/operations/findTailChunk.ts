import type { Knex } from 'knex';
import type { AttemptId } from '../types';

/** The chunk with which the last `lines` lines of the log begin, and its first byte. */
export async function findTailChunk(
  knex: Knex,
  options: AttemptId & { lines: number },
): Promise<{ chunk: number; byte: number }> {
  const { runId, attempt, lines } = options;
  const { rows } = await knex.raw<{
    rows: Array<{ chunk_no: number; byte_start: string }>;
  }>(
    `select chunk_no, byte_start from log_chunks
      where run_id = :runId and attempt = :attempt and first_line <= greatest(0,
        (select log_lines from run_attempts where run_id = :runId and attempt = :attempt) - :lines)
      order by first_line desc limit 1`,
    { runId, attempt, lines },
  );
  return rows[0]
    ? { chunk: rows[0].chunk_no, byte: Number(rows[0].byte_start) }
    : { chunk: 0, byte: 0 };
}

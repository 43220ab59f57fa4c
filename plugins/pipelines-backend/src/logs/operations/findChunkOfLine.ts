import type { Knex } from 'knex';
import type { AttemptId } from '../types';

/** The number of the chunk that holds a line, or of the last one before it; 0 when there is none. */
export async function findChunkOfLine(
  knex: Knex,
  options: AttemptId & { line: number },
): Promise<number> {
  const { runId, attempt, line } = options;
  const { rows } = await knex.raw<{ rows: Array<{ chunk_no: number }> }>(
    `select chunk_no from log_chunks
      where run_id = ? and attempt = ? and first_line <= ?
      order by first_line desc limit 1`,
    [runId, attempt, line],
  );
  return rows[0]?.chunk_no ?? 0;
}

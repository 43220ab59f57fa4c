import type { Knex } from 'knex';
import type { AttemptId, LogChunk } from '../types';
import { CHUNK_COLUMNS, toLogChunk, type ChunkRow } from './chunkRow';

/** The chunks that hold these lines, oldest first; lines that are not stored have none. */
export async function readChunksOfLines(
  knex: Knex,
  options: AttemptId & { numbers: readonly number[] },
): Promise<LogChunk[]> {
  const { runId, attempt, numbers } = options;
  const { rows } = await knex.raw<{ rows: ChunkRow[] }>(
    `select ${CHUNK_COLUMNS} from log_chunks
      where run_id = :runId and attempt = :attempt and chunk_no in (
        select (select chunk_no from log_chunks
                 where run_id = :runId and attempt = :attempt and first_line <= line.number
                 order by first_line desc limit 1)
          from unnest(:numbers::bigint[]) as line (number))
      order by chunk_no`,
    { runId, attempt, numbers: [...numbers] },
  );
  return rows.map(toLogChunk);
}

import type { Knex } from 'knex';
import type { AttemptId, LogChunk } from '../types';
import { CHUNK_COLUMNS, toLogChunk, type ChunkRow } from './chunkRow';

/** Many small chunks are read in several steps. */
const MAX_CHUNKS_PER_READ = 200;

/** Chunks in order from `fromChunk` on, until the one that reaches `maxBytes`. */
export async function readChunks(
  knex: Knex,
  options: AttemptId & { fromChunk: number; maxBytes: number },
): Promise<LogChunk[]> {
  const { runId, attempt, fromChunk, maxBytes } = options;
  const { rows } = await knex.raw<{ rows: ChunkRow[] }>(
    `select ${CHUNK_COLUMNS} from (
       select *, sum(byte_len) over (order by chunk_no) - byte_len as bytes_before
         from log_chunks
        where run_id = ? and attempt = ? and chunk_no >= ? and chunk_no < ?
     ) as chunks
      where bytes_before < ?
      order by chunk_no`,
    [runId, attempt, fromChunk, fromChunk + MAX_CHUNKS_PER_READ, maxBytes],
  );
  return rows.map(toLogChunk);
}

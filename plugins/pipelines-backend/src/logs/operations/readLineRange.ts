import type { Knex } from 'knex';
import type { AttemptId, LogChunk } from '../types';
import { CHUNK_COLUMNS, toLogChunk, type ChunkRow } from './chunkRow';

/** Which lines are wanted, `[from, to)`, and from which end of them to begin. */
export interface LineRangeOptions extends AttemptId {
  from: number;
  to: number;
  direction: 'forward' | 'backward';
  /** Reading stops after the chunk that reaches this many bytes. */
  maxBytes: number;
}

/**
 * The chunks that hold the wanted lines, oldest first.
 *
 * @remarks
 * They are next to each other; where there are too many bytes they begin with the wanted lines
 * (forward) or end with them (backward).
 */
export async function readLineRange(
  knex: Knex,
  options: LineRangeOptions,
): Promise<LogChunk[]> {
  const { runId, attempt, from, to, direction, maxBytes } = options;
  const order = direction === 'forward' ? 'asc' : 'desc';
  const { rows } = await knex.raw<{ rows: ChunkRow[] }>(
    `select ${CHUNK_COLUMNS} from (
       select *, sum(byte_len) over (order by chunk_no ${order}) - byte_len as bytes_before
         from log_chunks
        where run_id = ? and attempt = ? and first_line < ?
          and first_line >= (
            select coalesce(max(first_line), 0) from log_chunks
             where run_id = ? and attempt = ? and first_line <= ?)
     ) as chunks
      where bytes_before < ?
      order by chunk_no`,
    [runId, attempt, to, runId, attempt, from, maxBytes],
  );
  return rows.map(toLogChunk);
}

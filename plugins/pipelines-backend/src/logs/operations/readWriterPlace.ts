import type { Knex } from 'knex';
import type { Lease } from '../../runs';
import { carriedAfter } from '../decodeChunk';
import { CHUNK_COLUMNS, toLogChunk, type ChunkRow } from './chunkRow';

/** Where the log of an attempt stands, for the one who writes it. */
export interface WriterPlace {
  chunks: number;
  bytes: number;
  /** Where the engine's record stands. */
  position: number;
  /** The log has met its limit. */
  truncated: boolean;
  /** How the last line of each stream ended; see the column `carried`. */
  carried: number;
}

/** Undefined when the lease is over. */
export async function readWriterPlace(
  knex: Knex,
  { runId, attempt, token }: Lease,
): Promise<WriterPlace | undefined> {
  const { rows } = await knex.raw<{
    rows: Array<{
      log_chunks: number;
      log_bytes: string;
      log_position: string;
      log_truncated: boolean;
    }>;
  }>(
    `select log_chunks, log_bytes, log_position, log_truncated
       from run_attempts where run_id = ? and attempt = ? and lease_token = ?`,
    [runId, attempt, token],
  );
  const row = rows[0];
  if (!row) {
    return undefined;
  }
  const last = await knex.raw<{ rows: ChunkRow[] }>(
    `select ${CHUNK_COLUMNS} from log_chunks
      where run_id = ? and attempt = ? and chunk_no = ?`,
    [runId, attempt, row.log_chunks - 1],
  );
  return {
    chunks: row.log_chunks,
    bytes: Number(row.log_bytes),
    position: Number(row.log_position),
    truncated: row.log_truncated,
    carried: last.rows[0] ? carriedAfter(toLogChunk(last.rows[0])) : 0,
  };
}

import type { Knex } from 'knex';
import type { Lease } from '../../runs';
import type { ChunkDraft } from '../types';

/** What is to be stored, and where the log must stand for it. */
export interface AppendChunksOptions {
  lease: Lease;
  chunks: readonly ChunkDraft[];
  /** Chunks that the log must have; it has more when these ones are among them already. */
  knownChunks: number;
  /** Where the engine's record stands after these chunks. */
  position: number;
  /** Whether the log has met its limit. */
  truncated: boolean;
}

/**
 * Appends chunks to the log of an attempt in one statement.
 *
 * @returns the number of chunks that the log had before, or undefined when the lease is over;
 * only where it equals `knownChunks` was anything stored
 */
export async function appendChunks(
  knex: Knex,
  options: AppendChunksOptions,
): Promise<number | undefined> {
  const { lease, chunks, knownChunks, position, truncated } = options;
  const { runId, attempt, token } = lease;
  const added = chunks.length > 0 ? insertOf(options) : undefined;
  const result = await knex.raw<{ rows: Array<{ log_chunks: number }> }>(
    `with held as (
       select log_lines, log_bytes, log_chunks
         from run_attempts
        where run_id = ? and attempt = ? and lease_token = ?
          for no key update
     )${added ? `, stored as (${added.sql})` : ''}, counted as (
       update run_attempts as a
          set log_lines = held.log_lines + ?,
              log_bytes = held.log_bytes + ?,
              log_chunks = held.log_chunks + ?,
              log_position = greatest(a.log_position, ?),
              log_truncated = a.log_truncated or ?
         from held
        where a.run_id = ? and a.attempt = ? and held.log_chunks = ?
     )
     select log_chunks from held`,
    [
      runId,
      attempt,
      token,
      ...(added?.bindings ?? []),
      sumOf(chunks, chunk => chunk.lineCount),
      sumOf(chunks, chunk => chunk.data.length),
      chunks.length,
      position,
      truncated,
      runId,
      attempt,
      knownChunks,
    ],
  );
  return result.rows[0]?.log_chunks;
}

function insertOf(options: AppendChunksOptions) {
  const { lease, chunks, knownChunks } = options;
  let lines = 0;
  let bytes = 0;
  const drafts = chunks.flatMap((chunk, index) => {
    const before = [index, lines, bytes];
    lines += chunk.lineCount;
    bytes += chunk.data.length;
    return [
      ...before,
      chunk.lineCount,
      chunk.streamLines,
      chunk.lineCuts,
      chunk.carried,
      chunk.data,
    ];
  });
  const draft =
    '(?::int, ?::bigint, ?::bigint, ?::int, ?::int[], ?::int[], ?::smallint, ?::bytea)';
  return {
    sql: `
      insert into log_chunks (run_id, attempt, chunk_no, first_line, byte_start,
        line_count, stream_lines, line_cuts, carried, byte_len, data)
      select ?, ?, held.log_chunks + index, held.log_lines + lines_before, held.log_bytes + bytes_before,
        line_count, stream_lines, line_cuts, carried, length(data), data
      from held, (values ${chunks.map(() => draft).join(', ')}) as draft
        (index, lines_before, bytes_before, line_count, stream_lines, line_cuts, carried, data)
      where held.log_chunks = ?`,
    bindings: [lease.runId, lease.attempt, ...drafts, knownChunks] as Array<
      string | number | number[] | Buffer
    >,
  };
}

function sumOf(
  chunks: readonly ChunkDraft[],
  value: (chunk: ChunkDraft) => number,
): number {
  return chunks.reduce((sum, chunk) => sum + value(chunk), 0);
}

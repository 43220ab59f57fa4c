import type { LogChunk } from '../types';

/** Columns of `log_chunks` that {@link toLogChunk} reads. */
export const CHUNK_COLUMNS =
  'chunk_no, first_line, line_count, stream_lines, line_cuts, carried, byte_start, stored_at, data';

/** A row of `log_chunks` with {@link CHUNK_COLUMNS}; `pg` gives bigint as text. */
export interface ChunkRow {
  chunk_no: number;
  first_line: string;
  line_count: number;
  stream_lines: number[];
  line_cuts: number[];
  carried: number;
  byte_start: string;
  stored_at: Date;
  data: Buffer;
}

/** The chunk of a row. */
export function toLogChunk(row: ChunkRow): LogChunk {
  return {
    chunkNo: row.chunk_no,
    firstLine: Number(row.first_line),
    lineCount: row.line_count,
    streamLines: row.stream_lines,
    lineCuts: row.line_cuts,
    carried: row.carried,
    byteStart: Number(row.byte_start),
    storedAt: row.stored_at,
    data: row.data,
  };
}

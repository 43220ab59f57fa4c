import type { DatabaseLogsStore } from '../DatabaseLogsStore';
import { findLog } from '../findLog';
import { forEachShownLine, SearchedLine } from '../search/ChunkLines';

/** Most bytes of one log that are learnt from. */
const MAX_LEARNT_BYTES = 32 * 1024 * 1024;
/** A longer log is read in so many pieces, evenly spread from its start to its end. */
const PIECES = 16;

/** How a log was read. */
export interface ReadRun {
  /** Only pieces of it were read. */
  sampled: boolean;
  /** Nothing was read, because the log was removed or never written. */
  empty: boolean;
}

/**
 * Visits the lines of the last attempt of a run, or of evenly spread pieces when it is long.
 *
 * @param options - `maxBytes` is how many bytes are read at most, give or take a chunk per piece
 */
export async function readRunLines(options: {
  store: DatabaseLogsStore;
  runId: string;
  visit: (line: string) => void;
  maxBytes?: number;
  /** Called between chunks; rejects to end the reading. */
  rest: () => Promise<void>;
}): Promise<ReadRun> {
  const { store, runId, visit, rest, maxBytes = MAX_LEARNT_BYTES } = options;
  const log = await findLog(store, runId, undefined);
  if (!log || log.chunks === 0) {
    return { sampled: false, empty: true };
  }
  const sampled = log.bytes > maxBytes;
  const pieces = sampled ? PIECES : 1;
  let empty = true;
  for (let piece = 0; piece < pieces; piece += 1) {
    let next = Math.floor((piece * log.chunks) / pieces);
    const end = Math.floor(((piece + 1) * log.chunks) / pieces);
    let left = maxBytes / pieces;
    while (next < end && left > 0) {
      const chunks = await store.readChunks({
        runId,
        attempt: log.attempt,
        fromChunk: next,
        maxBytes: Math.min(left, 1024 * 1024),
      });
      if (chunks.length === 0) {
        break;
      }
      for (const chunk of chunks) {
        const line = new SearchedLine(chunk.data);
        forEachShownLine(chunk, line, () => visit(line.text));
        left -= chunk.data.length;
        empty = false;
        await rest();
      }
      next += chunks.length;
    }
  }
  return { sampled, empty };
}

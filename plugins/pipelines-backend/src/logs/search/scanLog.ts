import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { DatabaseLogsStore } from '../DatabaseLogsStore';
import type { AttemptId, LogChunk } from '../types';

/** Bytes that are read at once; twice as many are in memory, because the next are on their way. */
const READ_BYTES = 1024 * 1024;

/** How long one scan may keep the process from other work, ms. */
const MAX_STRETCH_MS = 20;

/** Why a scan ended before the end of the log. */
export type ScanStop = 'time' | 'visitor' | 'removed';

/**
 * Visits the chunks of a log in order, the next ones being read meanwhile.
 *
 * @returns undefined at the end; else why it ended before
 * @throws what the signal says when it is aborted
 */
export async function scanLog(options: {
  store: DatabaseLogsStore;
  log: AttemptId;
  /** The chunks `[fromChunk, toChunk)`. */
  fromChunk: number;
  toChunk: number;
  /** Most time that it may take, ms. */
  budgetMs: number;
  signal: AbortSignal;
  /** @returns whether to go on */
  visit: (chunk: LogChunk) => boolean;
}): Promise<ScanStop | undefined> {
  const { store, log, fromChunk, toChunk, budgetMs, signal, visit } = options;
  const giveUpAt = performance.now() + budgetMs;
  const read = (chunk: number) =>
    chunk < toChunk
      ? store.readChunks({ ...log, fromChunk: chunk, maxBytes: READ_BYTES })
      : undefined;
  let position = fromChunk;
  let reading = read(position);
  let stretchEnd = performance.now() + MAX_STRETCH_MS;
  while (reading) {
    const chunks = await reading;
    signal.throwIfAborted();
    if (chunks.length === 0) {
      return 'removed';
    }
    position += chunks.length;
    reading = read(position);
    // Whoever leaves the loop early is not waiting for it any more.
    reading?.catch(() => {});
    for (const chunk of chunks) {
      if (chunk.chunkNo < toChunk && !visit(chunk)) {
        return 'visitor';
      }
      const now = performance.now();
      if (now > giveUpAt) {
        return chunk.chunkNo + 1 < toChunk ? 'time' : undefined;
      }
      if (now > stretchEnd) {
        await letOthersWork();
        signal.throwIfAborted();
        stretchEnd = performance.now() + MAX_STRETCH_MS;
      }
    }
  }
  return undefined;
}

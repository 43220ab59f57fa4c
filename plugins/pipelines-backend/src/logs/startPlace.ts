import type { DatabaseLogsStore } from './DatabaseLogsStore';
import type { LogPlace } from './LogPieces';
import type { RunSnapshot } from './RunSnapshot';
import type { StreamCursor } from './streamCursor';

/** Where a viewer's log begins, and why it is not where the viewer had left it. */
export interface StartPlace {
  place: LogPlace;
  gap?: string;
}

const NOT_OF_THIS_STREAM =
  'The id to go on from is not one that this run has sent, so the log begins again';

/**
 * Finds where the log of a viewer begins: after what it has seen, or with the last lines of the
 * latest attempt, or with all of them.
 *
 * @param options - `snapshot` is read after the viewer has come, so that whatever it has seen is
 * in there
 */
export async function startPlace(options: {
  store: DatabaseLogsStore;
  runId: string;
  snapshot: RunSnapshot;
  cursor?: StreamCursor;
  /** Lines of the latest attempt to begin with when there is no cursor; all when absent. */
  tail?: number;
}): Promise<StartPlace> {
  const { store, runId, snapshot, cursor, tail } = options;
  const latest = snapshot.logs.at(-1)?.attempt ?? 0;
  const beginning = { attempt: latest, chunk: 0, byte: 0 };
  if (!cursor) {
    const begin =
      tail === undefined
        ? undefined
        : await store.findTailChunk({ runId, attempt: latest, lines: tail });
    return { place: { ...beginning, ...begin } };
  }
  const { attempt, byte, eventSeq } = cursor;
  const isKnown =
    eventSeq <= snapshot.news.eventSeq &&
    (attempt === 0 || snapshot.logs.some(log => log.attempt === attempt));
  const chunk = isKnown
    ? await store.findChunkAt({ runId, attempt, byte })
    : undefined;
  return chunk === undefined
    ? { place: beginning, gap: NOT_OF_THIS_STREAM }
    : { place: { attempt, chunk, byte } };
}

import { ConflictError } from '@backstage/errors';
import { LeaseLostError, type Lease } from '../runs';
import { ChunkFramer } from './ChunkFramer';
import type { DatabaseLogsStore } from './DatabaseLogsStore';
import { partLimitMarker } from './markers';
import type { WriterPlace } from './operations/readWriterPlace';
import type { LogStream } from './types';

/** How often a part is tried to be put behind one that was being stored at the same time. */
const MAX_TRIES = 5;

/** Bytes of a log that somebody else keeps. */
export interface LogPart {
  /** Bytes of that log before these. */
  offset: number;
  stream: LogStream;
  bytes: Buffer;
}

/**
 * Stores what is new of a part, in one statement.
 *
 * @returns how many bytes of that log have arrived
 * @throws LeaseLostError when there is no such attempt; ConflictError when bytes before the part
 * are missing, or too many parts arrive at once
 */
export async function appendPart(options: {
  store: DatabaseLogsStore;
  lease: Lease;
  part: LogPart;
  maxBytes: number;
}): Promise<number> {
  const { store, lease, part, maxBytes } = options;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const place = await store.readWriterPlace(lease);
    if (!place) {
      throw new LeaseLostError(lease);
    }
    assertNoGap(lease, part, place);
    const fresh = part.bytes.subarray(place.position - part.offset);
    if (fresh.length === 0) {
      return place.position;
    }
    const position = place.position + fresh.length;
    const chunksBefore = await store.appendChunks({
      lease,
      knownChunks: place.chunks,
      position,
      ...frame(place, { stream: part.stream, bytes: fresh }, maxBytes),
    });
    if (chunksBefore === place.chunks) {
      return position;
    }
  }
  throw new ConflictError(
    `Several parts of the log of run '${lease.runId}' arrive at once; send one after the other`,
  );
}

/** The chunks of a part up to the limit of the log, behind which it is marked once. */
function frame(
  place: WriterPlace,
  line: { stream: LogStream; bytes: Buffer },
  maxBytes: number,
) {
  const room = Math.max(0, maxBytes - place.bytes);
  const isTooMuch = !place.truncated && line.bytes.length > room;
  const framer = new ChunkFramer(place.carried);
  if (!place.truncated) {
    framer.add({ ...line, bytes: line.bytes.subarray(0, room) });
  }
  if (isTooMuch) {
    partLimitMarker(maxBytes, framer.carried).forEach(l => framer.add(l));
  }
  return {
    chunks: framer.finish(),
    truncated: place.truncated || isTooMuch,
  };
}

function assertNoGap(
  { runId }: Lease,
  { offset }: LogPart,
  { position }: WriterPlace,
): void {
  if (offset > position) {
    throw new ConflictError(
      `The log of run '${runId}' has ${position} bytes, so a part from ${offset} on would leave a gap; go on from ${position}`,
    );
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type {
  LogBatch,
  RawLogLine,
} from '@millrace/backstage-plugin-pipelines-node';
import { isTransientDatabaseError } from '../database';
import { LeaseLostError, type Lease } from '../runs';
import { ChunkFramer } from './ChunkFramer';
import type { DatabaseLogsStore } from './DatabaseLogsStore';
import { LogOverflow } from './LogOverflow';
import { limitMarker, tailMarker } from './markers';
import type { WriterPlace } from './operations/readWriterPlace';
import type { ChunkDraft } from './types';

/** Most bytes of waiting batches that are stored together. */
const MAX_GROUP_BYTES = 1024 * 1024;

const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;

/** A little longer than a lease lasts; then whoever holds it has to decide. */
const MAX_RETRY_MS = 20_000;

interface WaitingBatch {
  batch: LogBatch;
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** What a {@link LogWriter} is made of. */
export interface LogWriterOptions {
  store: DatabaseLogsStore;
  lease: Lease;
  /** Most bytes that are stored before the limit is met. */
  maxBytes: number;
  /** Aborted when the process is shut down. */
  signal: AbortSignal;
}

/**
 * Writes the log of one attempt, batch after batch.
 *
 * @remarks
 * A batch is stored at once when nothing else is being stored, and what arrives meanwhile goes
 * together in the next statement: a quiet log is seen at once, a loud one needs few statements.
 * While the database is out of order it tries again, so its caller waits and the execution is
 * held back; a statement whose answer was lost is recognized and not applied twice.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  #waiting: WaitingBatch[] = [];
  #storing: Promise<void> | undefined;
  #place: WriterPlace | undefined;
  #overflow: LogOverflow | undefined;
  #overflowIsPartial = false;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the batch is stored.
   *
   * @throws LeaseLostError when the lease is over; any other error when the database stays out
   * of order, and then the same batch can be sent again
   */
  append(batch: LogBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = batch.lines.reduce((sum, l) => sum + l.bytes.length, 0);
      this.#waiting.push({ batch, bytes, resolve, reject });
      this.#storing ??= this.#storeWaiting();
    });
  }

  /**
   * Stores what was kept of the end of a log that met its limit; can be asked for again when it
   * fails.
   *
   * @throws LeaseLostError when the lease is over
   */
  async finish(): Promise<void> {
    await this.#storing;
    const overflow = this.#overflow;
    if (!overflow) {
      return;
    }
    const place = (this.#place ??= await this.#readPlace());
    const { carried, position } = place;
    const framer = new ChunkFramer(carried);
    const marker = tailMarker(overflow, {
      carried,
      atLeast: this.#overflowIsPartial,
    });
    [...marker, ...overflow.tail].forEach(line => framer.add(line));
    await this.#store(place, framer, position);
    this.#overflow = undefined;
  }

  async #storeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#storeGroup(group.map(({ batch }) => batch));
        group.forEach(({ resolve }) => resolve());
      } catch (error) {
        // What waits behind would leave a gap, so it fails as well
        [...group, ...this.#waiting].forEach(({ reject }) => reject(error));
        this.#waiting = [];
        this.#place = undefined;
      }
    }
    this.#storing = undefined;
  }

  #takeGroup(): WaitingBatch[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && bytes < MAX_GROUP_BYTES) {
      bytes += this.#waiting[count].bytes;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #storeGroup(batches: readonly LogBatch[]): Promise<void> {
    const place = (this.#place ??= await this.#readPlace());
    const fresh = batches.filter(batch => batch.position > place.position);
    if (fresh.length === 0) {
      return;
    }
    const framer = new ChunkFramer(place.carried);
    const rest = this.#frame(framer, place, fresh);
    const truncated = rest !== undefined;
    const { position } = fresh[fresh.length - 1];
    await this.#store({ ...place, truncated }, framer, position);
    if (rest) {
      this.#keepRest(rest, { isFirst: !place.truncated });
    }
  }

  /** Puts the lines into chunks up to the limit. @returns those beyond it, where it is met */
  #frame(
    framer: ChunkFramer,
    place: WriterPlace,
    batches: readonly LogBatch[],
  ): RawLogLine[] | undefined {
    const { maxBytes } = this.#options;
    let { bytes } = place;
    let rest: RawLogLine[] | undefined = place.truncated ? [] : undefined;
    for (const line of batches.flatMap(batch => batch.lines)) {
      bytes += line.bytes.length;
      if (!rest && bytes > maxBytes) {
        limitMarker(maxBytes, framer.carried).forEach(l => framer.add(l));
        rest = [];
      }
      if (rest) {
        rest.push(line);
      } else {
        framer.add(line);
      }
    }
    return rest;
  }

  #keepRest(lines: readonly RawLogLine[], options: { isFirst: boolean }): void {
    if (!this.#overflow) {
      this.#overflow = new LogOverflow();
      // Else the limit was met in a process that is no more, and its count went with it
      this.#overflowIsPartial = !options.isFirst;
    }
    lines.forEach(line => this.#overflow?.add(line));
  }

  async #store(
    place: WriterPlace,
    framer: ChunkFramer,
    position: number,
  ): Promise<void> {
    const { store, lease } = this.#options;
    const chunks = framer.finish();
    const chunksBefore = await this.#untilDatabaseWorks(() =>
      store.appendChunks({
        lease,
        chunks,
        knownChunks: place.chunks,
        position,
        truncated: place.truncated,
      }),
    );
    if (chunksBefore === undefined) {
      throw new LeaseLostError(lease);
    }
    const isStored =
      chunksBefore === place.chunks ||
      // An earlier try was applied, but its answer was lost
      chunksBefore === place.chunks + chunks.length;
    if (!isStored) {
      throw new Error(
        `The log of attempt ${lease.attempt} of run '${lease.runId}' has ${chunksBefore} chunks instead of ${place.chunks}, so somebody else wrote to it`,
      );
    }
    this.#place = placeAfter(place, chunks, framer.carried, position);
  }

  async #readPlace(): Promise<WriterPlace> {
    const { store, lease } = this.#options;
    const place = await this.#untilDatabaseWorks(() =>
      store.readWriterPlace(lease),
    );
    if (!place) {
      throw new LeaseLostError(lease);
    }
    return place;
  }

  async #untilDatabaseWorks<TResult>(
    operation: () => Promise<TResult>,
  ): Promise<TResult> {
    const { signal } = this.#options;
    const giveUpAt = performance.now() + MAX_RETRY_MS;
    for (let delayMs = FIRST_RETRY_DELAY_MS; ; delayMs *= 2) {
      try {
        return await operation();
      } catch (error) {
        const isHopeless =
          signal.aborted ||
          performance.now() > giveUpAt ||
          !isTransientDatabaseError(error);
        if (isHopeless) {
          throw error;
        }
        await sleep(Math.min(delayMs, MAX_RETRY_DELAY_MS), undefined, {
          signal,
        });
      }
    }
  }
}

function placeAfter(
  place: WriterPlace,
  chunks: readonly ChunkDraft[],
  carried: number,
  position: number,
): WriterPlace {
  return {
    ...place,
    chunks: place.chunks + chunks.length,
    bytes: chunks.reduce((sum, { data }) => sum + data.length, place.bytes),
    position,
    carried,
  };
}

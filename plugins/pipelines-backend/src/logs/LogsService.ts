import type { LifecycleService } from '@backstage/backend-plugin-api';
import type {
  LogPage,
  LogQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { LogBatch } from '@millrace/backstage-plugin-pipelines-node';
import type { Knex } from 'knex';
import type { LiveService } from '../live';
import { LeaseLostError, type Lease } from '../runs';
import type { AttemptLogs } from '../worker';
import { appendPart, type LogPart } from './appendPart';
import { DatabaseLogsStore } from './DatabaseLogsStore';
import { decodeChunk } from './decodeChunk';
import { findLog, removedLog } from './findLog';
import { LogWriter } from './LogWriter';
import type { LogsConfig } from './readLogsConfig';
import type { AttemptLog, LogChunk } from './types';

/** Most bytes of lines in one answer, give or take a chunk. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** How much of a log is in memory while it is downloaded, in bytes. */
const RAW_READ_BYTES = 1024 * 1024;

const EMPTY_PAGE: LogPage = {
  attempt: 0,
  lines: [],
  totalLines: 0,
  totalBytes: 0,
  complete: false,
  truncated: false,
};

/** A log as it was written, apart from redaction. */
export interface RawLog {
  attempt: number;
  bytes: number;
  content: AsyncIterable<Buffer>;
}

/** Stores what attempts write, and reads it back as lines or as bytes. */
export class LogsService implements AttemptLogs {
  readonly #store: DatabaseLogsStore;
  readonly #live: LiveService;
  readonly #config: LogsConfig;
  readonly #stop = new AbortController();
  /** By the token of the lease. */
  readonly #writers = new Map<string, LogWriter>();

  private constructor(options: {
    store: DatabaseLogsStore;
    live: LiveService;
    config: LogsConfig;
  }) {
    this.#store = options.store;
    this.#live = options.live;
    this.#config = options.config;
  }

  static create(options: {
    knex: Knex;
    live: LiveService;
    config: LogsConfig;
    lifecycle: Pick<LifecycleService, 'addShutdownHook'>;
  }): LogsService {
    const service = new LogsService({
      store: new DatabaseLogsStore(options.knex),
      live: options.live,
      config: options.config,
    });
    options.lifecycle.addShutdownHook(() => service.#stop.abort());
    return service;
  }

  async append(lease: Lease, batch: LogBatch): Promise<void> {
    await this.#write(lease, () => this.#writerFor(lease).append(batch));
  }

  async finish(lease: Lease): Promise<void> {
    await this.#write(lease, async () =>
      this.#writers.get(lease.token)?.finish(),
    );
    this.#writers.delete(lease.token);
  }

  /**
   * Appends bytes that begin at `offset` of a log that somebody else keeps; those that are there
   * already are dropped. Beyond the limit of a log nothing is stored, but it is still counted.
   *
   * @returns how many bytes of that log have arrived
   * @throws LeaseLostError when there is no such attempt; ConflictError when bytes before
   * `offset` are missing
   */
  async appendAt(lease: Lease, part: LogPart): Promise<number> {
    const position = await appendPart({
      store: this.#store,
      lease,
      part,
      maxBytes: this.#config.maxBytes,
    });
    this.#live.grown(lease.runId);
    return position;
  }

  /**
   * A range of the lines of an attempt, by default the latest.
   *
   * @throws NotFoundError when there is no such attempt, or its log was removed
   */
  async readRange(runId: string, query: LogQuery): Promise<LogPage> {
    const log = await findLog(this.#store, runId, query.attempt);
    if (!log) {
      return EMPTY_PAGE;
    }
    const range = rangeOf(query, log.lines);
    const chunks = await this.#readLines(runId, log, {
      ...range,
      direction: query.direction,
    });
    return {
      attempt: log.attempt,
      lines: chunks.flatMap(chunk => decodeChunk(chunk, range)),
      totalLines: log.lines,
      totalBytes: log.bytes,
      complete: log.complete,
      truncated: log.truncated,
    };
  }

  /**
   * The bytes of an attempt's log that are stored now, by default of the latest attempt.
   *
   * @throws NotFoundError when there is no such attempt, or its log was removed
   */
  async openRaw(runId: string, attempt?: number): Promise<RawLog> {
    const log = await findLog(this.#store, runId, attempt);
    if (!log) {
      return { attempt: 0, bytes: 0, content: emptyContent() };
    }
    const chunks = this.#chunksOf(runId, log);
    const first = await chunks.next();
    return {
      attempt: log.attempt,
      bytes: log.bytes,
      content: contentOf(first, chunks),
    };
  }

  async #write(lease: Lease, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof LeaseLostError) {
        this.#writers.delete(lease.token);
      }
      throw error;
    }
    this.#live.grown(lease.runId);
  }

  #writerFor(lease: Lease): LogWriter {
    let writer = this.#writers.get(lease.token);
    if (!writer) {
      writer = new LogWriter({
        store: this.#store,
        lease,
        maxBytes: this.#config.maxBytes,
        signal: this.#stop.signal,
      });
      this.#writers.set(lease.token, writer);
    }
    return writer;
  }

  async #readLines(
    runId: string,
    log: AttemptLog,
    range: { from: number; to: number; direction: LogQuery['direction'] },
  ): Promise<LogChunk[]> {
    if (range.from >= range.to) {
      return [];
    }
    const chunks = await this.#store.readLineRange({
      runId,
      attempt: log.attempt,
      maxBytes: MAX_PAGE_BYTES,
      ...range,
    });
    if (chunks.length === 0) {
      throw removedLog(runId, log.attempt);
    }
    return chunks;
  }

  async *#chunksOf(runId: string, log: AttemptLog) {
    for (let next = 0; next < log.chunks; ) {
      const chunks = await this.#store.readChunks({
        runId,
        attempt: log.attempt,
        fromChunk: next,
        maxBytes: RAW_READ_BYTES,
      });
      if (chunks.length === 0) {
        throw removedLog(runId, log.attempt);
      }
      for (const chunk of chunks) {
        if (chunk.chunkNo < log.chunks) {
          yield chunk.data;
        }
      }
      next += chunks.length;
    }
  }
}

function rangeOf(
  { cursor, direction, limit }: LogQuery,
  totalLines: number,
): { from: number; to: number } {
  if (direction === 'forward') {
    const from = cursor ?? 0;
    return { from, to: Math.min(from + limit, totalLines) };
  }
  const to = Math.min(cursor ?? totalLines, totalLines);
  return { from: Math.max(to - limit, 0), to };
}

async function* contentOf(
  first: IteratorResult<Buffer, void>,
  rest: AsyncIterable<Buffer>,
) {
  if (!first.done) {
    yield first.value;
    yield* rest;
  }
}

async function* emptyContent(): AsyncGenerator<Buffer> {}

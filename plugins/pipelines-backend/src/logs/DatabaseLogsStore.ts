import type { Knex } from 'knex';
import type { Lease } from '../runs';
import {
  appendChunks,
  type AppendChunksOptions,
} from './operations/appendChunks';
import { findChunkAt } from './operations/findChunkAt';
import { findChunkOfLine } from './operations/findChunkOfLine';
import { findTailChunk } from './operations/findTailChunk';
import { readAttemptLogs } from './operations/readAttemptLogs';
import { readChunks } from './operations/readChunks';
import { readChunksOfLines } from './operations/readChunksOfLines';
import {
  readLineRange,
  type LineRangeOptions,
} from './operations/readLineRange';
import {
  readWriterPlace,
  type WriterPlace,
} from './operations/readWriterPlace';
import type { AttemptId, AttemptLog, LogChunk } from './types';

/** The logs in the plugin's database; one operation per method. */
export class DatabaseLogsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** {@inheritDoc appendChunks} */
  appendChunks(options: AppendChunksOptions): Promise<number | undefined> {
    return appendChunks(this.#knex, options);
  }

  /** {@inheritDoc readWriterPlace} */
  readWriterPlace(lease: Lease): Promise<WriterPlace | undefined> {
    return readWriterPlace(this.#knex, lease);
  }

  /** {@inheritDoc readAttemptLogs} */
  readAttemptLogs(runId: string): Promise<AttemptLog[]> {
    return readAttemptLogs(this.#knex, runId);
  }

  /** {@inheritDoc readLineRange} */
  readLineRange(options: LineRangeOptions): Promise<LogChunk[]> {
    return readLineRange(this.#knex, options);
  }

  /** {@inheritDoc readChunks} */
  readChunks(
    options: AttemptId & { fromChunk: number; maxBytes: number },
  ): Promise<LogChunk[]> {
    return readChunks(this.#knex, options);
  }

  /** {@inheritDoc readChunksOfLines} */
  readChunksOfLines(
    options: AttemptId & { numbers: readonly number[] },
  ): Promise<LogChunk[]> {
    return readChunksOfLines(this.#knex, options);
  }

  /** {@inheritDoc findChunkOfLine} */
  findChunkOfLine(options: AttemptId & { line: number }): Promise<number> {
    return findChunkOfLine(this.#knex, options);
  }

  /** {@inheritDoc findChunkAt} */
  findChunkAt(
    options: AttemptId & { byte: number },
  ): Promise<number | undefined> {
    return findChunkAt(this.#knex, options);
  }

  /** {@inheritDoc findTailChunk} */
  findTailChunk(
    options: AttemptId & { lines: number },
  ): Promise<{ chunk: number; byte: number }> {
    return findTailChunk(this.#knex, options);
  }
}

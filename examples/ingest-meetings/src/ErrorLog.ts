import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Archive } from './database/Archive.ts';
import { storableText } from './normalize/storableText.ts';

/** One thing that could not be loaded. */
export type IngestionError = {
  type: string;
  message: string;
  /** Position in the array, from 0; absent when it is not about one record. */
  recordIndex?: number;
  byteOffset?: number;
  byteLength?: number;
  /** The payload, as far as it is kept. */
  raw?: Buffer;
  details?: unknown;
};

/** The name of the file in the artifacts folder. */
export const ERRORS_FILE = 'errors.jsonl';

/** As much of a refused payload as is kept, in bytes. */
export const MAX_KEPT_PAYLOAD_BYTES = 1024 * 1024;

const FLUSH_COUNT = 100;
const FLUSH_BYTES = 4 * 1024 * 1024;

const INSERT_ERRORS = `
  insert into public.ingestion_errors
    (id, ingestion_run_id, occurred_at, source_url, error_type, message,
     record_index, byte_offset, byte_length, details, raw, raw_truncated)
  select id, ingestion_run_id, occurred_at, source_url, error_type, message,
    record_index, byte_offset, byte_length, details, decode(raw_base64, 'base64'), raw_truncated
  from jsonb_to_recordset($1::jsonb)
    as r(id uuid, ingestion_run_id uuid, occurred_at timestamptz, source_url text,
      error_type text, message text, record_index integer, byte_offset bigint,
      byte_length bigint, details jsonb, raw_base64 text, raw_truncated boolean)`;

/** Writes errors to `ingestion_errors` and, one JSON a line, to a file of the run. */
export class ErrorLog {
  readonly counts = new Map<string, number>();
  private readonly archive: Archive;
  private readonly run: { id: string; sourceUrl: string };
  private readonly folder: string | undefined;
  private file: FileHandle | undefined;
  private pending: IngestionError[] = [];
  private pendingBytes = 0;

  constructor(
    archive: Archive,
    run: { id: string; sourceUrl: string },
    folder: string | undefined,
  ) {
    this.archive = archive;
    this.run = run;
    this.folder = folder;
  }

  /** All errors so far. */
  get total(): number {
    return [...this.counts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** True once a file was begun in the artifacts folder. */
  get hasFile(): boolean {
    return this.file !== undefined;
  }

  /** Adds an error; it is written with the next batch. */
  async add(error: IngestionError): Promise<void> {
    this.counts.set(error.type, (this.counts.get(error.type) ?? 0) + 1);
    // The scan's buffer is much larger than the payload, and would stay as long
    const raw =
      error.raw && Buffer.from(error.raw.subarray(0, MAX_KEPT_PAYLOAD_BYTES));
    this.pending.push({ ...error, raw });
    this.pendingBytes += raw?.length ?? 0;
    if (
      this.pending.length >= FLUSH_COUNT ||
      this.pendingBytes >= FLUSH_BYTES
    ) {
      await this.flush();
    }
  }

  /** Writes what is pending. Not to be called in a transaction that may be rolled back. */
  async flush(): Promise<void> {
    const rows = this.pending.map(error => this.toRow(error));
    this.pending = [];
    this.pendingBytes = 0;
    if (rows.length > 0) {
      await this.archive.queryRows(INSERT_ERRORS, rows);
      await this.appendToFile(rows);
    }
  }

  /** Ends the file. */
  async close(): Promise<void> {
    await this.file?.close();
  }

  private toRow(error: IngestionError) {
    return {
      id: randomUUID(),
      ingestion_run_id: this.run.id,
      occurred_at: new Date().toISOString(),
      source_url: this.run.sourceUrl,
      error_type: error.type,
      message: storableText(error.message),
      record_index: error.recordIndex,
      byte_offset: error.byteOffset,
      byte_length: error.byteLength,
      details: error.details,
      raw_base64: error.raw?.toString('base64'),
      raw_truncated: (error.byteLength ?? 0) > (error.raw?.length ?? 0),
    };
  }

  private async appendToFile(
    rows: ReturnType<ErrorLog['toRow']>[],
  ): Promise<void> {
    if (!this.folder) {
      return;
    }
    this.file ??= await open(join(this.folder, ERRORS_FILE), 'w');
    const lines = rows.map(({ raw_base64: _, id, ...row }) =>
      JSON.stringify({ ...row, raw_payload_ref: `ingestion_errors/${id}` }),
    );
    await this.file.appendFile(`${lines.join('\n')}\n`);
  }
}

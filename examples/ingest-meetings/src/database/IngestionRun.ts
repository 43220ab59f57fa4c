import { randomUUID } from 'node:crypto';
import { type Archive } from './Archive.ts';

/** How a run ended. */
export type RunStatus = 'success' | 'partial' | 'failed';

/** What a run did with the records of its source. */
export type RunCounts = {
  /** Elements of the array, whole or not. */
  read: number;
  /** Elements that came to an end: loaded, updated, duplicate or refused. */
  processed: number;
  loaded: number;
  updated: number;
  duplicatesAvoided: number;
  refused: number;
  warnings: number;
};

/** What is known when a run starts. */
export type StartRunOptions = {
  sourceName: string;
  sourceType: string;
  sourceUrl: string;
  downloaderId: string;
  millraceRunId?: string;
  attempt?: number;
};

/** What is known when a run ends. */
export type FinishRunOptions = {
  status: RunStatus;
  failureReason?: string;
  counts: RunCounts;
  report: unknown;
};

/** The row of `ingestion_runs` of this run. */
export class IngestionRun {
  readonly id: string;
  readonly sourceId: string;
  readonly sourceUrl: string;
  private readonly archive: Archive;

  /**
   * Opens the row; from here on the run is visible as `running`. The lock tells
   * later runs that this one is alive.
   */
  static async start(
    archive: Archive,
    options: StartRunOptions,
  ): Promise<IngestionRun> {
    const id = randomUUID();
    await archive.query('select pg_advisory_lock(hashtextextended($1, 0))', [
      id,
    ]);
    const [source] = await archive.query<{ id: string }>(
      `insert into public.source (id, name, type, url, last_polled_at)
       values ($1, $2, $3, $4, now())
       on conflict (name) do update
         set type = excluded.type, url = excluded.url, last_polled_at = now()
       returning id`,
      [randomUUID(), options.sourceName, options.sourceType, options.sourceUrl],
    );
    await archive.query(
      `insert into public.ingestion_runs
         (id, source_id, source_url, downloader_id, millrace_run_id, millrace_attempt)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        id,
        source.id,
        options.sourceUrl,
        options.downloaderId,
        options.millraceRunId,
        options.attempt,
      ],
    );
    return new IngestionRun(archive, id, source.id, options.sourceUrl);
  }

  /** Marks runs as interrupted whose process died without a word; returns their ids. */
  static async buryDead(archive: Archive): Promise<string[]> {
    const running = await archive.query<{ id: string }>(
      `select id from public.ingestion_runs where status = 'running'`,
    );
    const dead: string[] = [];
    for (const { id } of running) {
      const [lock] = await archive.query<{ held: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
        [id],
      );
      if (lock.held) {
        await archive.query(
          `update public.ingestion_runs
           set status = 'failed', failure_reason = 'interrupted', processed_at = now()
           where id = $1 and status = 'running'`,
          [id],
        );
        await archive.query(
          'select pg_advisory_unlock(hashtextextended($1, 0))',
          [id],
        );
        dead.push(id);
      }
    }
    return dead;
  }

  private constructor(
    archive: Archive,
    id: string,
    sourceId: string,
    sourceUrl: string,
  ) {
    this.archive = archive;
    this.id = id;
    this.sourceId = sourceId;
    this.sourceUrl = sourceUrl;
  }

  /** Notes what was downloaded. */
  async noteDownload(bytes: number, sha256: string): Promise<void> {
    await this.archive.query(
      'update public.ingestion_runs set source_bytes = $2, source_sha256 = $3 where id = $1',
      [this.id, bytes, sha256],
    );
  }

  /** Makes the counts so far visible. */
  async noteCounts(counts: RunCounts): Promise<void> {
    await this.archive.query(
      `update public.ingestion_runs set
         record_count = $2, records_processed = $3, records_failed = $4,
         records_inserted = $5, records_updated = $6, duplicates_avoided = $7,
         warnings_count = $8
       where id = $1`,
      [
        this.id,
        counts.read,
        counts.processed,
        counts.refused,
        counts.loaded,
        counts.updated,
        counts.duplicatesAvoided,
        counts.warnings,
      ],
    );
  }

  /** Ends the run, once: an ended run stays as it is. */
  async finish(options: FinishRunOptions): Promise<void> {
    await this.archive.transaction(async () => {
      await this.noteCounts(options.counts);
      await this.archive.query(
        `update public.ingestion_runs set
           status = $2, failure_reason = $3, report = $4, processed_at = now()
         where id = $1 and status = 'running'`,
        [
          this.id,
          options.status,
          options.failureReason,
          JSON.stringify(options.report),
        ],
      );
    });
  }
}

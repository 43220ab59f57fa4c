import type { WatchedFile } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { appendEvent, cleanText } from '../../runs';
import { keyOf } from './fileVersion';
import type { FileVersion, WatchedFolder } from './types';

const MAX_MESSAGE_LENGTH = 2_000;
/** Rows of one statement. */
const BATCH = 500;

/** A file whose run has ended, and that may have to be deleted. */
export interface EndedInput extends FileVersion {
  key: string;
  runId: string;
  hasSucceeded: boolean;
}

/** A row of the table `watched_files`. */
export interface WatchedFileRow {
  watch_id: string;
  key: string;
  folder: string;
  path: string;
  /** A bigint, so text. */
  bytes: string;
  modified_at: Date;
  state: WatchedFile['state'];
  pipeline_id: string | null;
  run_id: string | null;
  message: string | null;
  delete_input: boolean;
  seen_at: Date;
}

/** What a watch makes of a file that is not submitted. */
export interface UnsubmittedFile extends FileVersion {
  state: 'growing' | 'unmatched' | 'refused';
  pipelineId?: string;
  message?: string;
  /** Whether it may be otherwise soon, without another version of the file. */
  mayPass?: boolean;
}

/** Keeps what was seen in watched folders. */
export class DatabaseWatchesStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Those of these versions that have made a run. */
  async listSubmitted(
    watchId: string,
    keys: readonly string[],
  ): Promise<Set<string>> {
    const found = new Set<string>();
    for (let i = 0; i < keys.length; i += BATCH) {
      const rows = await this.#knex('watched_files')
        .where({ watch_id: watchId, state: 'submitted' })
        .whereIn('key', keys.slice(i, i + BATCH))
        .select('key');
      rows.forEach(row => found.add(row.key));
    }
    return found;
  }

  /**
   * Begins to record that a version has made a run; nobody else can do so until the end of the
   * transaction.
   *
   * @returns false when it was recorded before
   */
  async claim(
    trx: Knex.Transaction,
    folder: WatchedFolder,
    file: FileVersion,
    options: { pipelineId: string; deleteInput: boolean },
  ): Promise<boolean> {
    const { rows } = await trx.raw(
      `insert into watched_files as known
         (watch_id, key, folder, path, bytes, modified_at, state, pipeline_id, delete_input)
       values (:watchId, :key, :folder, :path, :bytes, :modifiedAt, 'submitted', :pipelineId, :deleteInput)
       on conflict (watch_id, key) do update set state = 'submitted', message = null,
         pipeline_id = excluded.pipeline_id, delete_input = excluded.delete_input,
         seen_at = excluded.seen_at
       where known.state <> 'submitted'
       returning 1`,
      { ...columnsOf(folder, file), ...options },
    );
    return rows.length > 0;
  }

  /** Records the run of a version that was claimed; other versions that made none are forgotten. */
  async setRun(
    trx: Knex.Transaction,
    folder: WatchedFolder,
    file: FileVersion,
    runId: string,
  ): Promise<void> {
    await trx('watched_files')
      .where({ watch_id: folder.watchId, key: keyOf(folder, file) })
      .update({ run_id: runId });
    await this.#forgetOthers(trx, folder, [file]);
  }

  /** Records what became of files that have made no run, in place of what was known of them. */
  async record(
    folder: WatchedFolder,
    files: readonly UnsubmittedFile[],
  ): Promise<void> {
    for (let i = 0; i < files.length; i += BATCH) {
      const batch = files.slice(i, i + BATCH);
      await this.#knex.transaction(async trx => {
        await this.#forgetOthers(trx, folder, batch);
        await trx('watched_files')
          .insert(
            batch.map(file => ({
              watch_id: folder.watchId,
              key: keyOf(folder, file),
              folder: folder.folder,
              path: file.path,
              bytes: file.bytes,
              modified_at: file.modifiedAt,
              state: file.state,
              pipeline_id: file.pipelineId ?? null,
              message: file.message
                ? cleanText(file.message, MAX_MESSAGE_LENGTH)
                : null,
            })),
          )
          .onConflict(['watch_id', 'key'])
          .merge(['state', 'pipeline_id', 'message', 'seen_at'])
          .whereNot('watched_files.state', 'submitted');
      });
    }
  }

  /** Forgets files that were growing and are not among these any more. */
  async forgetGrowing(
    folder: WatchedFolder,
    growing: readonly FileVersion[],
  ): Promise<void> {
    await this.#knex.raw(
      `delete from watched_files where watch_id = :watchId and state = 'growing'
          and not (key = any(:keys::text[]))`,
      {
        watchId: folder.watchId,
        keys: growing.map(file => keyOf(folder, file)),
      },
    );
  }

  /** Files that are to be deleted, of runs that have ended. */
  async listEndedInputs(
    folder: WatchedFolder,
    limit: number,
  ): Promise<EndedInput[]> {
    const rows = await this.#knex<WatchedFileRow>('watched_files as f')
      .join('runs as r', 'r.id', 'f.run_id')
      .where({
        'f.watch_id': folder.watchId,
        'f.folder': folder.folder,
        'f.delete_input': true,
      })
      .whereNotNull('r.finished_at')
      .limit(limit)
      .select(
        'f.key',
        'f.run_id',
        'f.path',
        'f.bytes',
        'f.modified_at',
        'r.state',
      );
    return rows.map(row => ({
      key: row.key,
      runId: row.run_id,
      path: row.path,
      bytes: Number(row.bytes),
      modifiedAt: row.modified_at,
      hasSucceeded: row.state === 'succeeded',
    }));
  }

  /**
   * Says that a file need not be deleted any more, in the record of its run too where its run has
   * succeeded.
   *
   * @param kept - why it was not deleted; undefined when it is gone
   */
  async settleInput(
    watchId: string,
    { key, runId, path, hasSucceeded }: EndedInput,
    kept?: string,
  ): Promise<void> {
    const message = kept && cleanText(kept, MAX_MESSAGE_LENGTH);
    await this.#knex.transaction(async trx => {
      const changed = await trx('watched_files')
        .where({ watch_id: watchId, key, delete_input: true })
        .update({ delete_input: false, ...(message && { message }) });
      if (changed > 0 && hasSucceeded) {
        await appendEvent(trx, {
          runId,
          kind: message ? 'warning' : 'action',
          name: message ? 'input-kept' : 'input-deleted',
          actor: `folder:${watchId}`,
          reason: message,
          details: { path },
        });
      }
    });
  }

  /** The newest files of a watch that start this pipeline, or no pipeline. */
  async listNewest(
    watchId: string,
    pipelineId: string,
    limit: number,
  ): Promise<WatchedFileRow[]> {
    return this.#knex<WatchedFileRow>('watched_files')
      .where({ watch_id: watchId })
      .andWhere(either =>
        either.where({ pipeline_id: pipelineId }).orWhereNull('pipeline_id'),
      )
      .orderBy([
        { column: 'seen_at', order: 'desc' },
        { column: 'key', order: 'desc' },
      ])
      .limit(limit);
  }

  /** Forgets up to `limit` old versions of files that are not there any more; returns how many. */
  async prune(
    watchId: string,
    options: { present: readonly string[]; days: number; limit: number },
  ): Promise<number> {
    const { rowCount } = await this.#knex.raw(
      `delete from watched_files where watch_id = :watchId and key in (
         select key from watched_files
          where watch_id = :watchId and seen_at < now() - :days * interval '1 day'
            and not delete_input and not (key = any(:present::text[]))
          order by seen_at limit :limit)`,
      {
        watchId,
        days: options.days,
        limit: options.limit,
        present: [...options.present],
      },
    );
    return rowCount;
  }

  async #forgetOthers(
    trx: Knex.Transaction,
    folder: WatchedFolder,
    files: readonly FileVersion[],
  ): Promise<void> {
    await trx('watched_files')
      .where({ watch_id: folder.watchId, folder: folder.folder })
      .whereNot({ state: 'submitted' })
      .whereIn(
        'path',
        files.map(({ path }) => path),
      )
      .whereNotIn(
        'key',
        files.map(file => keyOf(folder, file)),
      )
      .delete();
  }
}

function columnsOf(folder: WatchedFolder, file: FileVersion) {
  return {
    watchId: folder.watchId,
    key: keyOf(folder, file),
    folder: folder.folder,
    path: file.path,
    bytes: file.bytes,
    modifiedAt: file.modifiedAt,
  };
}

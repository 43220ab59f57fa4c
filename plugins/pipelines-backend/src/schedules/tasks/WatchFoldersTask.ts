import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { DefinitionsService } from '../../definitions';
import type { WatchConfig } from '../readTriggersConfig';
import type { RunSubmitter } from '../types';
import { DatabaseHoldersStore } from '../watches/DatabaseHoldersStore';
import { DatabaseWatchesStore } from '../watches/DatabaseWatchesStore';
import { FileStarter } from '../watches/FileStarter';
import { FolderWatcher } from '../watches/FolderWatcher';

/** Watches every configured folder. */
export class WatchFoldersTask {
  readonly #watchers: readonly FolderWatcher[];

  constructor(options: {
    knex: Knex;
    runs: RunSubmitter;
    definitions: DefinitionsService;
    logger: LoggerService;
    /** By id. */
    watches: ReadonlyMap<string, WatchConfig>;
  }) {
    const { knex, runs, definitions, logger, watches } = options;
    const store = new DatabaseWatchesStore(knex);
    const holders = new DatabaseHoldersStore(knex);
    this.#watchers = [...watches].map(
      ([watchId, { usePolling, rules }]) =>
        new FolderWatcher({
          watchId,
          usePolling,
          holders,
          store,
          starter: new FileStarter({ knex, store, runs, logger, rules }),
          definitions,
          logger,
        }),
    );
  }

  start(): void {
    this.#watchers.forEach(watcher => watcher.start());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#watchers.map(watcher => watcher.stop()));
  }
}

import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DefinitionsService, WatchSettings } from '../../definitions';
import { Loop } from '../../queue';
import type { DatabaseHoldersStore, Holder } from './DatabaseHoldersStore';
import type { DatabaseWatchesStore } from './DatabaseWatchesStore';
import type { FileStarter } from './FileStarter';
import { FolderHints } from './FolderHints';
import { FolderScan } from './FolderScan';
import { UnreadableFolderError } from './listFiles';
import { removeInputs } from './removeInputs';
import type { WatchedFolder } from './types';

/** Least and most time between two rounds when nothing happens. */
const EVERY_MS = [4_000, 6_000] as const;
/** How long a process may be silent before another one of its host looks at the folder. */
const HOLD_SECONDS = 30;
/** How often a folder that gives hints is looked at without one. */
const LOOK_MS = 60_000;
/** How often a folder that gives none is looked at. */
const POLL_MS = 5_000;
/** Least time between two looks after hints, and by how much longer than a look it is. */
const HINT_DELAY_MS = 1_000;
const HINT_DELAY_FACTOR = 10;
/** How long versions of files that are gone are remembered, and how often they are looked for. */
const PRUNE_AFTER_DAYS = 30;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_BATCH = 1_000;
/** How long a stopping process waits for a file system that does not answer. */
const STOP_PATIENCE_MS = 5_000;

/** What a {@link FolderWatcher} is made of. */
export interface FolderWatcherOptions {
  watchId: string;
  usePolling: boolean;
  holders: DatabaseHoldersStore;
  store: DatabaseWatchesStore;
  starter: FileStarter;
  definitions: Pick<
    DefinitionsService,
    'portalSettings' | 'configuredPortal' | 'folders' | 'subscribe'
  >;
  logger: LoggerService;
  /** Name of the host, as others know it; default the one of the system. */
  host?: string;
  /** Least and most time between two rounds; default 4 to 6 s. */
  everyMs?: readonly [number, number];
  /** Least time between two looks after hints, in ms; default 1 s. */
  hintDelayMs?: number;
}

/**
 * Watches one folder, as the settings say at each time, unless another process of the same host
 * does.
 *
 * @remarks
 * The truth is what a look at all files finds; hints of the file system only make it come sooner.
 * So nothing is missed that came while nobody watched, while the folder was away, or for which
 * there was no hint.
 */
export class FolderWatcher {
  readonly #options: FolderWatcherOptions;
  readonly #holder: Holder;
  readonly #loop: Loop;
  #scan: FolderScan | undefined;
  #hints: FolderHints | undefined;
  #hasHints = true;
  #problem: string | undefined;
  #isHolding = false;
  /** When to look next, by the clock of the process. */
  #lookAt = 0;
  #pruneAt = 0;
  #lookTookMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: FolderWatcherOptions) {
    this.#options = options;
    this.#holder = {
      watchId: options.watchId,
      host: options.host ?? os.hostname(),
      id: randomUUID(),
    };
    this.#loop = new Loop({
      everyMs: options.everyMs ?? EVERY_MS,
      round: () => this.#round(),
      onError: error =>
        options.logger.warn(
          `The folder watch '${
            options.watchId
          }' could not look; it tries again: ${stringifyError(error)}`,
        ),
    });
  }

  start(): void {
    this.#unsubscribe = this.#options.definitions.subscribe(() =>
      this.#lookIn(0),
    );
    this.#loop.start();
  }

  /** Looks no more, and lets another process do so. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.race([
      this.#loop.stop(),
      sleep(STOP_PATIENCE_MS, undefined, { ref: false }),
    ]);
    clearTimeout(this.#timer);
    await this.#close();
    // Without the database the others wait until the hold is over.
    await this.#release().catch(() => {});
  }

  async #round(): Promise<void> {
    const { definitions, watchId } = this.#options;
    const settings = definitions.portalSettings().watches[watchId];
    if (!settings?.enabled) {
      await this.#close();
      await this.#release();
      return;
    }
    if (!(await this.#hold())) {
      await this.#close();
      return;
    }
    const before = this.#problem;
    this.#problem = await this.#work(settings);
    if (this.#problem !== before) {
      await this.#hold();
      this.#options.logger.info(
        this.#problem
          ? `The folder watch '${watchId}' has a problem: ${this.#problem}`
          : `The folder watch '${watchId}' works`,
      );
    }
  }

  async #hold(): Promise<boolean> {
    this.#isHolding = await this.#options.holders.hold(this.#holder, {
      seconds: HOLD_SECONDS,
      problem: this.#problem,
    });
    return this.#isHolding;
  }

  async #release(): Promise<void> {
    if (this.#isHolding) {
      this.#isHolding = false;
      await this.#options.holders.release(this.#holder);
    }
  }

  /** @returns what is wrong with the folder now */
  async #work(settings: WatchSettings): Promise<string | undefined> {
    const { logger, store } = this.#options;
    if (this.#scan) {
      await removeInputs({ store, folder: this.#scan.folder, logger });
    }
    if (this.#scan && performance.now() < this.#lookAt) {
      return this.#problem;
    }
    const resolved = await this.#resolve(settings);
    if (typeof resolved === 'string') {
      await this.#close();
      return resolved;
    }
    const scan = await this.#open(resolved);
    try {
      return await this.#look(scan, settings.stableSeconds * 1_000);
    } catch (error) {
      this.#lookAt = 0;
      if (error instanceof UnreadableFolderError) {
        await this.#close();
        return error.message;
      }
      throw error;
    }
  }

  async #look(scan: FolderScan, stableMs: number): Promise<string | undefined> {
    const from = performance.now();
    // Whatever is hinted at from now on may not have been seen.
    this.#lookAt = from + (this.#hasHints ? LOOK_MS : POLL_MS);
    const { problem, againInMs } = await scan.look(stableMs);
    this.#lookTookMs = performance.now() - from;
    if (againInMs !== undefined) {
      this.#lookIn(againInMs);
    }
    if (!problem && from >= this.#pruneAt) {
      this.#pruneAt = from + PRUNE_EVERY_MS;
      await this.#options.store.prune(this.#options.watchId, {
        present: scan.presentKeys,
        days: PRUNE_AFTER_DAYS,
        limit: PRUNE_BATCH,
      });
    }
    return problem;
  }

  /** Where the folder really is, or why it may or can not be watched. */
  async #resolve(settings: WatchSettings): Promise<WatchedFolder | string> {
    const { definitions, watchId } = this.#options;
    const { root, watches } = definitions.configuredPortal();
    const { folder } = settings;
    if (watches[watchId]?.folder !== folder) {
      const checked = await definitions.folders.resolve(folder, root);
      return 'problem' in checked
        ? `The folder '${folder}': ${checked.problem}`
        : { watchId, folder, root: checked.path };
    }
    try {
      return {
        watchId,
        folder,
        root: await realpath(path.resolve(root, folder)),
      };
    } catch (error) {
      return new UnreadableFolderError((error as NodeJS.ErrnoException).code)
        .message;
    }
  }

  async #open(folder: WatchedFolder): Promise<FolderScan> {
    const { logger, starter, store, usePolling, watchId } = this.#options;
    const { hintDelayMs = HINT_DELAY_MS } = this.#options;
    if (
      this.#scan?.folder.root === folder.root &&
      this.#scan.folder.folder === folder.folder
    ) {
      return this.#scan;
    }
    await this.#close();
    this.#hasHints = !usePolling;
    if (!usePolling) {
      this.#hints = new FolderHints({
        root: folder.root,
        isDeep: starter.isDeep,
        onHint: () =>
          this.#lookIn(
            Math.max(hintDelayMs, this.#lookTookMs * HINT_DELAY_FACTOR),
          ),
        onError: error => {
          if (this.#hasHints) {
            this.#hasHints = false;
            this.#lookIn(POLL_MS);
            logger.warn(
              `The folder of the watch '${watchId}' tells not of every change, so it is looked at every few seconds: ${stringifyError(
                error,
              )}`,
            );
          }
        },
      });
    }
    this.#scan = new FolderScan({ folder, store, starter });
    return this.#scan;
  }

  async #close(): Promise<void> {
    this.#scan = undefined;
    const hints = this.#hints;
    this.#hints = undefined;
    await hints?.close();
  }

  /** Looks again at this time, unless it does so earlier anyway. */
  #lookIn(ms: number): void {
    const at = performance.now() + ms;
    if (at < this.#lookAt) {
      this.#lookAt = at;
      clearTimeout(this.#timer);
      // A timer may ring a little early, and the round would find nothing to do.
      this.#timer = setTimeout(() => this.#loop.wake(), ms + 2).unref();
    }
  }
}

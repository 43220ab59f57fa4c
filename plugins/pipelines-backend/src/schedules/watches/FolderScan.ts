import type {
  DatabaseWatchesStore,
  UnsubmittedFile,
} from './DatabaseWatchesStore';
import { keyOf } from './fileVersion';
import type { FileStarter } from './FileStarter';
import { listFiles } from './listFiles';
import type { FileVersion, WatchedFolder } from './types';

/** Runs that one look submits at most. */
const MAX_SUBMITS = 200;

/** Growing files that are recorded; more than anybody is shown. */
const MAX_RECORDED_GROWING = 100;

/** What one look at a folder found. */
export interface ScanResult {
  /** Why some or all files cannot be seen. */
  problem?: string;
  /** When to look again for files that are growing, in ms; undefined when there are none. */
  againInMs?: number;
}

interface GrowingFile {
  key: string;
  file: FileVersion;
  /** When it was first seen like this, by the clock of the process that never jumps. */
  since: number;
  /** What was last written of it. */
  recorded?: string;
}

/**
 * What is known of the files of one folder from one look to the next.
 *
 * @remarks
 * A file is growing until two looks, at least `stableMs` apart, and all between them, have found
 * it with the same size and time of change; then it starts a run or is given up. Nothing that is
 * remembered here is needed after a restart: what has made a run is in the database.
 */
export class FolderScan {
  readonly folder: WatchedFolder;
  readonly #store: DatabaseWatchesStore;
  readonly #starter: FileStarter;
  readonly #growing = new Map<string, GrowingFile>();
  /** Key of the version of each file that nothing more is to be done for. */
  readonly #settled = new Map<string, string>();

  constructor(options: {
    folder: WatchedFolder;
    store: DatabaseWatchesStore;
    starter: FileStarter;
  }) {
    this.folder = options.folder;
    this.#store = options.store;
    this.#starter = options.starter;
  }

  /** Keys of the versions that are there. */
  get presentKeys(): string[] {
    return [
      ...this.#settled.values(),
      ...[...this.#growing.values()].map(({ key }) => key),
    ];
  }

  /**
   * Looks at every file, and starts the runs of those that have stopped growing.
   *
   * @param stableMs - how long a file must have been the same
   * @throws UnreadableFolderError when the folder cannot be read; Error when the database does not answer
   */
  async look(stableMs: number): Promise<ScanResult> {
    const { files, problem } = await listFiles({
      root: this.folder.root,
      isDeep: this.#starter.isDeep,
    });
    await this.#notice(files);
    const now = performance.now();
    const ready = [...this.#growing.values()].filter(
      ({ since }) => now - since >= stableMs,
    );
    const hasChanged = await this.#start(ready.slice(0, MAX_SUBMITS));
    await this.#recordGrowing();
    return {
      problem: problem ?? this.#unreadable(),
      againInMs: hasChanged ? 0 : this.#nextLook(stableMs),
    };
  }

  /** Remembers what is new or changed, and forgets what is gone. */
  async #notice(files: readonly FileVersion[]): Promise<void> {
    const now = performance.now();
    const there = new Set(files.map(({ path }) => path));
    for (const known of [this.#growing, this.#settled]) {
      for (const path of known.keys()) {
        if (!there.has(path)) {
          known.delete(path);
        }
      }
    }
    const fresh: GrowingFile[] = [];
    for (const file of files) {
      const key = keyOf(this.folder, file);
      if (
        this.#settled.get(file.path) !== key &&
        this.#growing.get(file.path)?.key !== key
      ) {
        fresh.push({ key, file, since: now });
      }
    }
    const submitted = await this.#store.listSubmitted(
      this.folder.watchId,
      fresh.map(({ key }) => key),
    );
    for (const growing of fresh) {
      const { path } = growing.file;
      if (submitted.has(growing.key)) {
        this.#growing.delete(path);
        this.#settled.set(path, growing.key);
      } else {
        this.#settled.delete(path);
        this.#growing.set(path, growing);
      }
    }
  }

  /** @returns whether one of them was not what it had been any more */
  async #start(ready: readonly GrowingFile[]): Promise<boolean> {
    const others: UnsubmittedFile[] = [];
    const done: GrowingFile[] = [];
    let hasChanged = false;
    for (const growing of ready) {
      const { file } = growing;
      const result = await this.#starter.start(this.folder, file);
      if (result === 'changed') {
        this.#growing.delete(file.path);
        hasChanged = true;
      } else if (result === 'submitted') {
        done.push(growing);
      } else if (!result.mayPass) {
        done.push(growing);
        others.push(result);
      } else {
        growing.since = performance.now();
        if (growing.recorded !== result.message) {
          growing.recorded = result.message;
          others.push(result);
        }
      }
    }
    await this.#store.record(this.folder, others);
    for (const { key, file } of done) {
      this.#growing.delete(file.path);
      this.#settled.set(file.path, key);
    }
    return hasChanged;
  }

  async #recordGrowing(): Promise<void> {
    const growing = [...this.#growing.values()].slice(-MAX_RECORDED_GROWING);
    await this.#store.forgetGrowing(
      this.folder,
      growing.map(({ file }) => file),
    );
    const fresh = growing.filter(({ recorded }) => recorded === undefined);
    await this.#store.record(
      this.folder,
      fresh.map(({ file }) => ({
        ...file,
        state: 'growing',
        pipelineId: this.#starter.ruleFor(file.path)?.pipelineId,
      })),
    );
    fresh.forEach(file => {
      file.recorded = '';
    });
  }

  #unreadable(): string | undefined {
    return [...this.#growing.values()].find(({ recorded }) => recorded)
      ?.recorded;
  }

  #nextLook(stableMs: number): number | undefined {
    const oldest = Math.min(
      ...[...this.#growing.values()].map(({ since }) => since),
    );
    return Number.isFinite(oldest)
      ? Math.max(0, oldest + stableMs - performance.now())
      : undefined;
  }
}

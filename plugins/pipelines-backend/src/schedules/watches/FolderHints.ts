import { watch, type FSWatcher } from 'chokidar';

/**
 * Says when something in a folder may have changed; only a hint, for folders whose file system
 * tells it.
 */
export class FolderHints {
  readonly #watcher: FSWatcher;

  /**
   * @param options - `isDeep`: also in folders in it; `onHint` is called for every change;
   * `onError` when hints do not come any more, or not all
   */
  constructor(options: {
    root: string;
    isDeep: boolean;
    onHint: () => void;
    onError: (error: unknown) => void;
  }) {
    this.#watcher = watch(options.root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      depth: options.isDeep ? undefined : 0,
    })
      .on('all', options.onHint)
      // What came until then gave no hint.
      .on('ready', options.onHint)
      .on('error', options.onError);
  }

  async close(): Promise<void> {
    await this.#watcher.close();
  }
}

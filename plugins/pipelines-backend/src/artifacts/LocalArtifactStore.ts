import { createWriteStream } from 'node:fs';
import {
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  ArtifactStore,
  OpenFile,
  StoredFile,
} from '@millrace/backstage-plugin-pipelines-node';
import { v4 as uuid } from 'uuid';
import { Measure } from './Measure';

const KEY_PATTERN = /^[0-9a-f]{2}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UNFINISHED_FOLDER = 'unfinished';
/** A copy that takes longer than this was left behind by a process that died. */
const UNFINISHED_MAX_AGE_MS = 24 * 60 * 60 * 1_000;

/**
 * Keeps the bytes of artifacts as files in a folder of this machine.
 *
 * @remarks
 * Names are made here, so no path ever comes from outside. A file has its name only once all of
 * its bytes are on the disk, and never changes after that.
 */
export class LocalArtifactStore implements ArtifactStore {
  readonly id = 'local';
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder where it is missing, and removes what dead processes left in it. */
  static async create(options: {
    folder: string;
  }): Promise<LocalArtifactStore> {
    const store = new LocalArtifactStore(path.resolve(options.folder));
    const unfinished = store.#unfinishedFolder;
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    for (const name of await readdir(unfinished)) {
      await removeIfOld(path.join(unfinished, name));
    }
    return store;
  }

  async add(
    source: Readable,
    limits: { maxBytes: number },
  ): Promise<StoredFile> {
    const id = uuid();
    const key = `${id.slice(0, 2)}/${id}`;
    const unfinished = path.join(this.#unfinishedFolder, id);
    const finished = path.join(this.#folder, key);
    try {
      const copied = await copy(source, unfinished, limits.maxBytes);
      await mkdir(path.dirname(finished), { recursive: true, mode: 0o700 });
      await rename(unfinished, finished);
      await syncFolder(path.dirname(finished));
      return { key, ...copied };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async open(key: string): Promise<OpenFile | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(this.#pathOf(key), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
    return {
      bytes: (await handle.stat()).size,
      read: range => handle.createReadStream(range),
      close: () => handle.close(),
    };
  }

  /** Whoever reads it reads on. */
  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  get #unfinishedFolder(): string {
    return path.join(this.#folder, UNFINISHED_FOLDER);
  }

  #pathOf(key: string): string {
    if (!KEY_PATTERN.test(key)) {
      throw new Error(`'${key}' is no key of the artifact store`);
    }
    return path.join(this.#folder, key);
  }
}

async function copy(
  source: Readable,
  target: string,
  maxBytes: number,
): Promise<Omit<StoredFile, 'key'>> {
  const measure = new Measure({ maxBytes });
  await pipeline(
    source,
    measure,
    createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return measure.result();
}

/** Makes a name last that was just given. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeIfOld(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found && Date.now() - found.mtimeMs > UNFINISHED_MAX_AGE_MS) {
    await rm(file, { force: true, recursive: true });
  }
}

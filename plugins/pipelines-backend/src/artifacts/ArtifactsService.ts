import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, stringifyError } from '@backstage/errors';
import type { RunArtifact } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { mkdir, rm } from 'node:fs/promises';
import { v7 as uuidV7 } from 'uuid';
import type { Lease } from '../runs';
import type { AttemptArtifacts, AttemptFile } from '../worker';
import { DatabaseArtifactsStore } from './DatabaseArtifactsStore';
import type { ArtifactStores } from './ArtifactStores';
import { mediaTypeOf } from './mediaTypes';
import { openSource } from './openSource';
import { presentArtifact } from './present';
import type { ArtifactRow, OpenableArtifact, ReceivedFile } from './types';
import { writeIntoFolder } from './writeIntoFolder';

/** Most artifacts of one attempt. */
const MAX_ARTIFACTS = 1_000;

const MAX_NAME_LENGTH = 255;

const COPY_BUFFER_BYTES = 256 * 1024;

/** Control characters, halves of characters, and what turns the direction of text around. */
const FORBIDDEN_IN_NAME = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** What an {@link ArtifactsService} is made of. */
export interface ArtifactsServiceOptions {
  knex: Knex;
  stores: Pick<ArtifactStores, 'add' | 'open' | 'remove'>;
  logger: LoggerService;
  /** Largest artifact in bytes. */
  maxBytes: number;
  /** The folder that an attempt was given for its artifacts. */
  folderOf: (attempt: { runId: string; attempt: number }) => string;
  /** Most artifacts of one attempt; default 1,000. */
  maxArtifacts?: number;
}

/** Keeps the files that runs make, and gives them back. */
export class ArtifactsService implements AttemptArtifacts {
  readonly #options: ArtifactsServiceOptions;
  readonly #rows: DatabaseArtifactsStore;

  constructor(options: ArtifactsServiceOptions) {
    this.#options = options;
    this.#rows = new DatabaseArtifactsStore(options.knex);
  }

  async store(lease: Lease, file: AttemptFile): Promise<void> {
    assertName(file.name);
    const { stores, folderOf, maxBytes } = this.#options;
    const source = await openSource(folderOf(lease), file.path);
    try {
      const stored = await stores.add(
        source.createReadStream({
          start: 0,
          autoClose: false,
          highWaterMark: COPY_BUFFER_BYTES,
        }),
        { maxBytes },
      );
      await this.#record(lease, file, stored);
    } finally {
      await source.close();
    }
  }

  /**
   * Keeps a file that is being received, in place of one of this name; the same file once more
   * changes nothing.
   *
   * @throws InputError when it is too large, or not what its hash says; LeaseLostError when
   * there is no such attempt; ConflictError when it has as many artifacts as it may
   */
  async receive(lease: Lease, file: ReceivedFile): Promise<void> {
    assertName(file.name);
    const { stores, maxBytes } = this.#options;
    const stored = await stores.add(file.source, { maxBytes });
    if (file.sha256 !== undefined && file.sha256 !== stored.sha256) {
      await this.#remove([stored.key]);
      throw new InputError(
        `The bytes of '${file.name}' have the SHA-256 ${stored.sha256} instead of ${file.sha256}, so they changed on their way; send them again`,
      );
    }
    const known = await this.#rows.findNamed(lease, file.name);
    if (known?.sha256 === stored.sha256) {
      await this.#remove([stored.key]);
      return;
    }
    await this.#record(lease, file, stored);
  }

  /** Those of the newest attempt first, then by name. */
  async list(runId: string): Promise<RunArtifact[]> {
    const rows = await this.#rows.list(runId);
    return rows.map(presentArtifact);
  }

  /** @throws NotFoundError when the run has no such artifact, or its file is gone */
  async open(runId: string, artifactId: string): Promise<OpenableArtifact> {
    const row = await this.#rows.find(runId, artifactId);
    if (!row) {
      throw new NotFoundError(`Run '${runId}' has no artifact '${artifactId}'`);
    }
    return this.#open(row);
  }

  async materialize(
    runId: string,
    folder: string,
    options: { signal: AbortSignal },
  ): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const row of await this.#rows.listInherited(runId)) {
      const { read } = await this.#open(row);
      const { name } = row;
      await writeIntoFolder({ folder, name, source: read(), ...options });
    }
  }

  /** Removes the files of these runs from the store, before retention deletes the runs. */
  async removeFiles(runIds: readonly string[]): Promise<void> {
    await this.#remove(await this.#rows.listKeys(runIds));
  }

  async #open(row: ArtifactRow): Promise<OpenableArtifact> {
    const file = await this.#options.stores.open(row.store_key);
    if (!file) {
      throw new NotFoundError(
        `The file of artifact '${row.name}' was removed by retention or lost`,
      );
    }
    if (file.bytes !== Number(row.bytes)) {
      await file.close();
      throw new NotFoundError(
        `The file of artifact '${row.name}' is damaged: it has ${file.bytes} of ${row.bytes} bytes`,
      );
    }
    return {
      artifact: presentArtifact(row),
      read: range => file.read(range),
      close: () => file.close(),
    };
  }

  async #record(
    lease: Lease,
    file: Pick<AttemptFile, 'name' | 'mediaType'>,
    stored: { key: string; bytes: number; sha256: string },
  ): Promise<void> {
    try {
      const unnamed = await this.#rows.replace({
        lease,
        artifact: {
          id: uuidV7(),
          name: file.name,
          mediaType: mediaTypeOf(file.name, file.mediaType),
          bytes: stored.bytes,
          sha256: stored.sha256,
          storeKey: stored.key,
        },
        maxArtifacts: this.#options.maxArtifacts ?? MAX_ARTIFACTS,
      });
      await this.#remove(unnamed);
    } catch (error) {
      await this.#remove([stored.key]);
      throw error;
    }
  }

  /** Best effort: a file that stays costs room on the disk and nothing else. */
  async #remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      try {
        await this.#options.stores.remove(key);
      } catch (error) {
        this.#options.logger.warn(
          `The file '${key}' of the artifact store could not be removed: ${stringifyError(
            error,
          )}`,
        );
      }
    }
  }
}

function assertName(name: string): void {
  if (
    name === '' ||
    name.length > MAX_NAME_LENGTH ||
    FORBIDDEN_IN_NAME.test(name)
  ) {
    throw new InputError(
      `${JSON.stringify(
        name.slice(0, 100),
      )} is no name for an artifact: it must have 1 to ${MAX_NAME_LENGTH} characters that can be seen`,
    );
  }
}

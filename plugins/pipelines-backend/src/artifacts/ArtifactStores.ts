import { ConflictError, InputError } from '@backstage/errors';
import type {
  ArtifactStore,
  OpenFile,
  PipelinesArtifactStoresExtensionPoint,
  StoredFile,
} from '@millrace/backstage-plugin-pipelines-node';
import type { Readable } from 'node:stream';

/** Artifacts that were stored before there was a choice have no store in their key. */
const FIRST_STORE = 'local';

/**
 * The artifact stores of this backend: the built-in ones and those that modules add.
 *
 * @remarks
 * New artifacts go to the one in use; the key of each says which store has it, so those that
 * were stored elsewhere before can still be read.
 */
export class ArtifactStores implements PipelinesArtifactStoresExtensionPoint {
  readonly #stores = new Map<string, ArtifactStore>();
  #current: ArtifactStore | undefined;

  addArtifactStore(store: ArtifactStore): void {
    if (this.#stores.has(store.id)) {
      throw new ConflictError(
        `There is an artifact store '${store.id}' already; give the second one another id`,
      );
    }
    this.#stores.set(store.id, store);
  }

  /**
   * Chooses the store of new artifacts.
   *
   * @throws InputError when there is none with this id
   */
  use(id: string): void {
    const store = this.#stores.get(id);
    if (!store) {
      throw new InputError(
        `'pipelines.artifacts.store' is '${id}', and there is no such store; known are ${[
          ...this.#stores.keys(),
        ].join(', ')}`,
      );
    }
    this.#current = store;
  }

  /** Stores into the one in use; see {@link ArtifactStore.add}. */
  async add(
    source: Readable,
    limits: { maxBytes: number },
  ): Promise<StoredFile> {
    if (!this.#current) {
      throw new Error('No artifact store is in use');
    }
    const { id } = this.#current;
    const stored = await this.#current.add(source, limits);
    return id === FIRST_STORE
      ? stored
      : { ...stored, key: `${id}:${stored.key}` };
  }

  /** Undefined when there is no such file any more, or its store is not configured here. */
  async open(key: string): Promise<OpenFile | undefined> {
    const [store, name] = this.#find(key);
    return store?.open(name);
  }

  /** One that is not there is no problem. */
  async remove(key: string): Promise<void> {
    const [store, name] = this.#find(key);
    await store?.remove(name);
  }

  #find(key: string): [ArtifactStore | undefined, string] {
    const [, id = FIRST_STORE, name] = /^(?:([^:]+):)?(.*)$/s.exec(key)!;
    return [this.#stores.get(id), name];
  }
}

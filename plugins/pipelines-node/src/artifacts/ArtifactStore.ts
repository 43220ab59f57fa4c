import type { Readable } from 'node:stream';

/**
 * Where the bytes of artifacts are kept.
 *
 * @remarks
 * A file is there only once all of its bytes are, never changes after that, and can be read by
 * every backend process: by the one that stored it and by all others.
 *
 * @public
 */
export interface ArtifactStore {
  /** What `pipelines.artifacts.store` names. */
  readonly id: string;
  /**
   * Stores what is read from a stream, to its end.
   *
   * @param limits - `maxBytes` is checked while reading, because a file may grow
   * @throws InputError when there is more; whatever the stream fails with. Then nothing is kept.
   */
  add(source: Readable, limits: { maxBytes: number }): Promise<StoredFile>;
  /** Undefined when there is no such file any more. */
  open(key: string): Promise<OpenFile | undefined>;
  /** Removes a file; one that is not there is no problem. */
  remove(key: string): Promise<void>;
}

/** A file in an artifact store. @public */
export interface StoredFile {
  /** Name in the store, made by the store: at most 200 letters, digits, or . _ / - */
  key: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Bytes from `start` to `end`, both included. @public */
export interface ByteRange {
  start: number;
  end: number;
}

/** A file of a store that can be read. @public */
export interface OpenFile {
  bytes: number;
  /** A stream of the bytes, or of a range of them; to be read or destroyed. */
  read(range?: ByteRange): Readable;
  /** To be called when nothing more is going to be read. */
  close(): Promise<void>;
}

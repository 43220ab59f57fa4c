import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type {
  ArtifactStore,
  ByteRange,
  OpenFile,
  StoredFile,
} from '@millrace/backstage-plugin-pipelines-node';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { v4 as uuid } from 'uuid';
import { Measure } from './Measure';

/** Where the bucket is, and how to get in. */
export interface S3StoreConfig {
  bucket: string;
  region: string;
  /** Of a server that is not Amazon's. */
  endpoint?: string;
  /** In front of every name, such as `millrace/`. */
  prefix: string;
  /** Names the bucket in the path of the address instead of its host. */
  forcePathStyle: boolean;
  /** Without it the usual places are searched: environment, profile, role of the machine. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Keeps the bytes of artifacts in a bucket of an S3-compatible server, so that workers and
 * portals on several machines need no shared disk.
 *
 * @remarks
 * A large file goes up in parts and has its name only when the last one is there; what is left
 * of an upload whose process died is for the bucket's own rule about unfinished uploads.
 */
export class S3ArtifactStore implements ArtifactStore {
  readonly id = 's3';
  readonly #client: S3Client;
  readonly #config: S3StoreConfig;

  constructor(config: S3StoreConfig) {
    this.#config = config;
    this.#client = new S3Client({
      region: config.region,
      endpoint: config.endpoint,
      forcePathStyle: config.forcePathStyle,
      credentials: config.credentials,
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS },
      // Servers that are not Amazon's do not know the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async add(
    source: Readable,
    limits: { maxBytes: number },
  ): Promise<StoredFile> {
    const id = uuid();
    const key = `${id.slice(0, 2)}/${id}`;
    const measure = new Measure(limits);
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#object(key), Body: measure },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    const sent = upload.done();
    // Handled below; a failing source comes first and aborts it.
    sent.catch(() => {});
    try {
      await pipeline(source, measure);
      await sent;
    } catch (error) {
      await upload.abort();
      await sent.catch(() => {});
      await this.remove(key);
      throw error;
    }
    return { key, ...measure.result() };
  }

  async open(key: string): Promise<OpenFile | undefined> {
    try {
      const { ContentLength = 0 } = await this.#client.send(
        new HeadObjectCommand(this.#object(key)),
      );
      return {
        bytes: ContentLength,
        read: range => this.#read(key, range),
        close: async () => {},
      };
    } catch (error) {
      if (
        error instanceof S3ServiceException &&
        error.$metadata.httpStatusCode === 404
      ) {
        return undefined;
      }
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#object(key)));
  }

  /** Lets go of the connections. */
  close(): void {
    this.#client.destroy();
  }

  #read(key: string, range?: ByteRange): Readable {
    const bytes = new PassThrough();
    const left = new AbortController();
    bytes.once('close', () => left.abort());
    this.#client
      .send(
        new GetObjectCommand({
          ...this.#object(key),
          Range: range && `bytes=${range.start}-${range.end}`,
        }),
        { abortSignal: left.signal },
      )
      .then(({ Body }) => pipeline(Body as Readable, bytes))
      .catch(error => bytes.destroy(error));
    return bytes;
  }

  #object(key: string) {
    const { bucket, prefix } = this.#config;
    return { Bucket: bucket, Key: `${prefix}${key}` };
  }
}

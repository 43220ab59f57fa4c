import path from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { S3StoreConfig } from './S3ArtifactStore';

/** Where artifacts are kept, and how large they may be. */
export interface ArtifactsConfig {
  /** Absolute. */
  folder: string;
  /** Largest artifact in bytes. */
  maxBytes: number;
  /** Id of the store that new artifacts go to. */
  store: string;
  /** Set when there is a bucket. */
  s3?: S3StoreConfig;
}

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_MAX_BYTES = 20 * 1024 ** 3;

/**
 * Reads `pipelines.artifacts`.
 *
 * @param folders - `root` is what a relative folder starts from, `data` holds the default one
 * @throws InputError when the limit is no positive whole number, or the bucket is half described
 */
export function readArtifactsConfig(
  config: Config,
  folders: { root: string; data: string },
): ArtifactsConfig {
  const folder = config.getOptionalString('pipelines.artifacts.folder');
  const maxBytes =
    config.getOptionalNumber('pipelines.artifacts.maxBytes') ??
    DEFAULT_MAX_BYTES;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new InputError(
      `'pipelines.artifacts.maxBytes' must be a whole number of at least 1, but is ${maxBytes}`,
    );
  }
  return {
    folder: folder
      ? path.resolve(folders.root, folder)
      : path.join(folders.data, 'artifacts'),
    maxBytes,
    store: config.getOptionalString('pipelines.artifacts.store') ?? 'local',
    s3: readS3Config(config.getOptionalConfig('pipelines.artifacts.s3')),
  };
}

function readS3Config(config: Config | undefined): S3StoreConfig | undefined {
  if (!config) {
    return undefined;
  }
  const accessKeyId = config.getOptionalString('accessKeyId');
  const secretAccessKey = config.getOptionalString('secretAccessKey');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new InputError(
      "'pipelines.artifacts.s3' must have both accessKeyId and secretAccessKey, or neither",
    );
  }
  return {
    bucket: config.getString('bucket'),
    region: config.getOptionalString('region') ?? DEFAULT_REGION,
    endpoint: config.getOptionalString('endpoint'),
    prefix: config.getOptionalString('prefix') ?? '',
    forcePathStyle: config.getOptionalBoolean('forcePathStyle') ?? false,
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey }
        : undefined,
  };
}

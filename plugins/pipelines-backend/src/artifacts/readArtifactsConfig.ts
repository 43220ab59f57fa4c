import path from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Where artifacts are kept, and how large they may be. */
export interface ArtifactsConfig {
  /** Absolute. */
  folder: string;
  /** Largest artifact in bytes. */
  maxBytes: number;
}

const DEFAULT_MAX_BYTES = 20 * 1024 ** 3;

/**
 * Reads `pipelines.artifacts`.
 *
 * @param folders - `root` is what a relative folder starts from, `data` holds the default one
 * @throws InputError when the limit is no positive whole number
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
  };
}

import type { Config } from '@backstage/config';
import path from 'node:path';

const DEFAULT_DATA_FOLDER = '.millrace';

/** Where things are on the disk of this process; all paths are absolute. */
export interface FoldersConfig {
  /** Folder that relative commands and `cwd`s start from. */
  root: string;
  /** Folder of attempts in progress and, unless configured otherwise, of artifacts. */
  data: string;
}

/** Reads `pipelines.root` and `pipelines.dataFolder`. */
export function readFoldersConfig(config: Config): FoldersConfig {
  const root = path.resolve(config.getOptionalString('pipelines.root') ?? '.');
  const data =
    config.getOptionalString('pipelines.dataFolder') ?? DEFAULT_DATA_FOLDER;
  return { root, data: path.resolve(root, data) };
}

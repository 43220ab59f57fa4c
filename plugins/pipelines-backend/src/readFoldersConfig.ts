import type { Config } from '@backstage/config';
import path from 'node:path';

const DEFAULT_DATA_FOLDER = '.millrace';

/** Where things are on the disk of this process; all paths are absolute. */
export interface FoldersConfig {
  /** Folder that relative commands and `cwd`s start from. */
  root: string;
  /** Folder of attempts in progress and, unless configured otherwise, of artifacts. */
  data: string;
  /** Folders below which settings may name others; none unless configured. */
  roots: string[];
}

/** Reads `pipelines.root`, `pipelines.dataFolder` and `pipelines.folders.roots`. */
export function readFoldersConfig(config: Config): FoldersConfig {
  const root = path.resolve(config.getOptionalString('pipelines.root') ?? '.');
  const data =
    config.getOptionalString('pipelines.dataFolder') ?? DEFAULT_DATA_FOLDER;
  const roots = config.getOptionalStringArray('pipelines.folders.roots') ?? [];
  return {
    root,
    data: path.resolve(root, data),
    roots: roots.map(folder => path.resolve(root, folder)),
  };
}

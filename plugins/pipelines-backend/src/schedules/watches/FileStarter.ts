import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { WatchRule } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { inTransaction } from '../../database';
import { isRefusal } from '../isRefusal';
import { renderValues } from '../renderValues';
import type { RunSubmitter } from '../types';
import type {
  DatabaseWatchesStore,
  UnsubmittedFile,
} from './DatabaseWatchesStore';
import { isSameVersion, keyOf, versionOf } from './fileVersion';
import type { FileVersion, WatchedFolder } from './types';

/** What became of a file: a run, now or before; nothing, because it is another file by now; or neither. */
export type StartedFile = 'submitted' | 'changed' | UnsubmittedFile;

/** Starts the runs of files, by the first rule that takes them. */
export class FileStarter {
  readonly #knex: Knex;
  readonly #store: DatabaseWatchesStore;
  readonly #runs: RunSubmitter;
  readonly #logger: LoggerService;
  readonly #rules: readonly {
    rule: WatchRule;
    matches: (file: string) => boolean;
  }[];

  constructor(options: {
    knex: Knex;
    store: DatabaseWatchesStore;
    runs: RunSubmitter;
    logger: LoggerService;
    /** In order. */
    rules: readonly WatchRule[];
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#runs = options.runs;
    this.#logger = options.logger;
    this.#rules = options.rules.map(rule => ({
      rule,
      matches: picomatch(rule.glob),
    }));
  }

  /** Whether a rule can take files in folders below the watched one. */
  get isDeep(): boolean {
    return this.#rules.some(({ rule }) => /\/|\*\*/.test(rule.glob));
  }

  /** The first rule that takes the file. */
  ruleFor(file: string): WatchRule | undefined {
    return this.#rules.find(({ matches }) => matches(file))?.rule;
  }

  /**
   * Submits the run of a file that has stopped growing, unless this version has one.
   *
   * @throws Error when the database does not answer
   */
  async start(folder: WatchedFolder, file: FileVersion): Promise<StartedFile> {
    const rule = this.ruleFor(file.path);
    if (!rule) {
      return { ...file, state: 'unmatched' };
    }
    const refused = (message: string): UnsubmittedFile => ({
      ...file,
      state: 'refused',
      pipelineId: rule.pipelineId,
      message,
    });
    const absolute = path.join(folder.root, file.path);
    try {
      // A folder on the way may have become a link since it was listed.
      if ((await realpath(absolute)) !== absolute) {
        return refused('It leads out of the watched folder');
      }
      if (!isSameVersion(file, await openVersion(absolute, file.path))) {
        return 'changed';
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR'
        ? 'changed'
        : {
            ...refused(`'${file.path}' cannot be read (${code})`),
            mayPass: true,
          };
    }
    try {
      await this.#submit(folder, file, rule);
      return 'submitted';
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      this.#logger.warn(
        `The file '${file.path}' of the folder watch '${folder.watchId}' started no run: ${error.message}`,
      );
      return refused(error.message);
    }
  }

  async #submit(
    folder: WatchedFolder,
    file: FileVersion,
    rule: WatchRule,
  ): Promise<void> {
    const { pipelineId, parameters, deleteInput } = rule;
    await inTransaction(this.#knex, {}, async trx => {
      const isOurs = await this.#store.claim(trx, folder, file, {
        pipelineId,
        deleteInput,
      });
      if (!isOurs) {
        return;
      }
      const { id } = await this.#runs.submitRun(
        {
          request: {
            pipelineId,
            parameters: renderValues(parameters as JsonObject, {
              file: describeFile(path.join(folder.root, file.path)),
            }),
          },
          actor: `folder:${folder.watchId}`,
          trigger: 'folder',
          idempotencyKey: keyOf(folder, file),
        },
        { trx },
      );
      await this.#store.setRun(trx, folder, file, id);
    });
  }
}

/** The version of a file that can be read. */
async function openVersion(
  absolute: string,
  file: string,
): Promise<FileVersion> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(absolute, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return versionOf(file, await handle.stat());
  } finally {
    await handle.close();
  }
}

/** What templates may name of a file. */
function describeFile(absolute: string): JsonObject {
  const { dir, base, name, ext } = path.parse(absolute);
  return {
    path: absolute,
    name: base,
    stem: name,
    extension: ext.slice(1),
    folder: dir,
  };
}

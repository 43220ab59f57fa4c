import type {
  FolderWatch,
  WatchedFile,
  WatchRule,
} from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService, WatchSettings } from '../../definitions';
import { MASK, secretPaths } from '../../secrets';
import type { WatchConfig } from '../readTriggersConfig';
import type { DatabaseHoldersStore } from './DatabaseHoldersStore';
import type {
  DatabaseWatchesStore,
  WatchedFileRow,
} from './DatabaseWatchesStore';

/** Files that are shown of a watch. */
const SHOWN_FILES = 20;

/** Shows folder watches and what they saw. */
export class WatchesService {
  readonly #store: DatabaseWatchesStore;
  readonly #holders: DatabaseHoldersStore;
  readonly #definitions: Pick<DefinitionsService, 'portalSettings' | 'find'>;
  readonly #watches: ReadonlyMap<string, WatchConfig>;

  constructor(options: {
    store: DatabaseWatchesStore;
    holders: DatabaseHoldersStore;
    definitions: Pick<DefinitionsService, 'portalSettings' | 'find'>;
    /** By id. */
    watches: ReadonlyMap<string, WatchConfig>;
  }) {
    this.#store = options.store;
    this.#holders = options.holders;
    this.#definitions = options.definitions;
    this.#watches = options.watches;
  }

  /** The watches with a rule for this pipeline, with only those rules and its files. */
  async listOf(pipelineId: string): Promise<FolderWatch[]> {
    const settings = this.#definitions.portalSettings().watches;
    const watches = [...this.#watches].map(([id, { rules }]) => ({
      id,
      rules: rules.filter(rule => rule.pipelineId === pipelineId),
    }));
    return Promise.all(
      watches
        .filter(({ id, rules }) => rules.length > 0 && settings[id])
        .map(watch => this.#describe(watch, settings[watch.id], pipelineId)),
    );
  }

  async #describe(
    { id, rules }: { id: string; rules: readonly WatchRule[] },
    { folder, enabled, stableSeconds }: WatchSettings,
    pipelineId: string,
  ): Promise<FolderWatch> {
    const [problem, files] = await Promise.all([
      enabled ? this.#problemOf(id) : undefined,
      this.#store.listNewest(id, pipelineId, SHOWN_FILES),
    ]);
    return {
      id,
      folder,
      enabled,
      problem,
      stableSeconds,
      rules: rules.map(rule => ({
        ...rule,
        parameters: this.#mask(pipelineId, rule.parameters),
      })),
      files: files.map(presentFile),
    };
  }

  /** One backend that can see the folder is enough. */
  async #problemOf(watchId: string): Promise<string | undefined> {
    const problems = await this.#holders.listProblems(watchId);
    if (problems.length === 0) {
      return 'No backend looks at this folder at the moment';
    }
    return problems.every(problem => problem) ? problems[0] : undefined;
  }

  #mask(
    pipelineId: string,
    parameters: WatchRule['parameters'],
  ): WatchRule['parameters'] {
    const definition = this.#definitions.find(pipelineId);
    const secrets = definition
      ? secretPaths(definition.parameters).map(([name]) => name)
      : [];
    return Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        secrets.includes(name) ? MASK : value,
      ]),
    );
  }
}

function presentFile(row: WatchedFileRow): WatchedFile {
  return {
    path: row.path,
    bytes: Number(row.bytes),
    modifiedAt: row.modified_at.toISOString(),
    state: row.state,
    runId: row.run_id ?? undefined,
    message: row.message ?? undefined,
    seenAt: row.seen_at.toISOString(),
  };
}

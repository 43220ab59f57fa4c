import type {
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotFoundError,
  stringifyError,
} from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { LiveService } from '../live';
import { AllowedFolders } from './AllowedFolders';
import { DatabaseDefinitionsStore } from './DatabaseDefinitionsStore';
import { EffectiveSettings } from './EffectiveSettings';
import { ParametersValidator } from './parameters';
import type {
  ConfiguredPortal,
  KnownPipeline,
  PipelineDefinition,
  PortalSettings,
} from './types';

/** How long another process's configuration may stay unnoticed. */
const KNOWN_PIPELINES_MAX_AGE_MS = 15_000;

/** How long settings that another process saved may stay unnoticed without its message. */
const RELOAD_INTERVAL_MS = 15_000;

/** What holds of a portal where the configuration does not say. */
const DEFAULT_PORTAL: ConfiguredPortal = {
  root: '/',
  slots: 2,
  watches: {},
  retention: { runDays: 400, logDays: 30 },
};

/** What a {@link DefinitionsService} is made of. */
export interface DefinitionsServiceOptions {
  knex: Knex;
  /** Pipelines as configured, and those of our own. */
  definitions: readonly PipelineDefinition[];
  /** The portal as configured; default two slots, no watches, usual retention. */
  portal?: ConfiguredPortal;
  /** Folders that settings may name; default none. */
  folders?: AllowedFolders;
  /** Hears of settings that do not fit the configuration any more. */
  logger?: LoggerService;
}

/**
 * The pipelines that are configured, with the newest settings of each over its configuration,
 * and the memory of those that once were.
 *
 * @remarks
 * A definition is a value: whoever keeps one keeps what held when they asked.
 */
export class DefinitionsService {
  readonly #store: DatabaseDefinitionsStore;
  readonly #configured: ReadonlyMap<string, PipelineDefinition>;
  readonly #portal: ConfiguredPortal;
  readonly #folders: AllowedFolders;
  readonly #logger: LoggerService | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #validators = new WeakMap<PipelineDefinition, ParametersValidator>();
  #effective: EffectiveSettings;
  #reading: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  #known: { at: number; pipelines: Promise<KnownPipeline[]> } | undefined;

  private constructor(options: DefinitionsServiceOptions) {
    this.#store = new DatabaseDefinitionsStore(options.knex);
    this.#configured = new Map(
      options.definitions.map(item => [item.id, item]),
    );
    this.#portal = options.portal ?? DEFAULT_PORTAL;
    this.#folders = options.folders ?? new AllowedFolders();
    this.#logger = options.logger;
    this.#effective = this.#apply([]);
  }

  /**
   * Writes the configured pipelines to the database, and reads the newest settings.
   *
   * @throws ConflictError when a configured pipeline has the id of one of our own
   */
  static async create(
    options: DefinitionsServiceOptions,
  ): Promise<DefinitionsService> {
    assertDifferentIds(options.definitions);
    const service = new DefinitionsService(options);
    await service.#store.sync(options.definitions);
    await service.reload();
    return service;
  }

  /** Reads settings again when somebody has saved some, and every 15 s, until the process ends. */
  follow(options: {
    live: LiveService;
    lifecycle: Pick<LifecycleService, 'addShutdownHook'>;
    /** For tests; default 15 s. */
    intervalMs?: number;
  }): void {
    const reload = () =>
      this.reload().catch(error =>
        this.#logger?.warn(
          `Settings could not be read, so what was known of them still holds: ${stringifyError(
            error,
          )}`,
        ),
      );
    const unsubscribe = options.live.subscribe(({ kind }) => {
      if (kind === 'settings' || kind === 'resync') {
        reload();
      }
    });
    const timer = setInterval(
      reload,
      options.intervalMs ?? RELOAD_INTERVAL_MS,
    ).unref();
    options.lifecycle.addShutdownHook(() => {
      unsubscribe();
      clearInterval(timer);
    });
  }

  /** Resolves when everything holds that was saved before the call. */
  async reload(): Promise<void> {
    // A read that is under way may have begun before what the caller knows of.
    this.#waiting ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#waiting = undefined;
        this.#reading = this.#read();
        return this.#reading;
      });
    await this.#waiting;
  }

  /**
   * Calls the listener after settings have changed, of any pipeline or of the portal, until the
   * returned function is called.
   */
  subscribe(listener: () => void): () => void {
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** The settings of the portal that hold now. */
  portalSettings(): PortalSettings {
    return this.#effective.portal;
  }

  /** The portal as it is configured. */
  configuredPortal(): ConfiguredPortal {
    return this.#portal;
  }

  /** Folders that settings may name. */
  get folders(): AllowedFolders {
    return this.#folders;
  }

  /** The pipeline as it is configured, without its settings; undefined when it is not. */
  findConfigured(pipelineId: string): PipelineDefinition | undefined {
    return this.#configured.get(pipelineId);
  }

  /** What of the newest settings does not fit the configuration, as sentences. */
  problemsOf(scope: string): readonly string[] {
    return this.#effective.problems.get(scope) ?? [];
  }

  /** The pipelines with the settings that hold now, by title. */
  list(): PipelineDefinition[] {
    return [...this.#effective.definitions.values()].sort(
      (a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id),
    );
  }

  /** Undefined when no pipeline with this id is configured. */
  find(pipelineId: string): PipelineDefinition | undefined {
    return this.#effective.definitions.get(pipelineId);
  }

  /**
   * The pipeline with the settings that hold now.
   *
   * @throws NotFoundError when none with this id is configured
   */
  get(pipelineId: string): PipelineDefinition {
    const definition = this.find(pipelineId);
    if (!definition) {
      throw new NotFoundError(`No pipeline '${pipelineId}'`);
    }
    return definition;
  }

  /**
   * Checked parameters with defaults filled in.
   *
   * @throws NotFoundError for an unknown pipeline, InputError for parameters that do not fit it
   */
  validateParameters(
    pipelineId: string,
    parameters: Record<string, unknown>,
  ): JsonObject {
    const definition = this.get(pipelineId);
    let validator = this.#validators.get(definition);
    if (!validator) {
      validator = new ParametersValidator(pipelineId, definition.parameters);
      this.#validators.set(definition, validator);
    }
    return validator.validate(parameters);
  }

  /** Every pipeline that was ever configured, at most {@link KNOWN_PIPELINES_MAX_AGE_MS} old. */
  async listKnown(): Promise<KnownPipeline[]> {
    const now = Date.now();
    if (!this.#known || now - this.#known.at > KNOWN_PIPELINES_MAX_AGE_MS) {
      const pipelines = this.#store.listKnown();
      this.#known = { at: now, pipelines };
      pipelines.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known.pipelines;
  }

  async #read(): Promise<void> {
    const newest = await this.#store.readNewestSettings();
    const before = this.#effective;
    if (before.isOf(newest)) {
      return;
    }
    this.#effective = this.#apply(newest);
    this.#warn(before);
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.#logger?.error(
          'A listener failed on changed settings',
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  #apply(newest: Parameters<typeof EffectiveSettings.of>[0]['newest']) {
    return EffectiveSettings.of({
      configured: this.#configured,
      portal: this.#portal,
      folders: this.#folders,
      newest,
    });
  }

  #warn(before: EffectiveSettings): void {
    for (const [scope, problems] of this.#effective.problems) {
      const sentence = problems.join('; ');
      if (sentence !== before.problems.get(scope)?.join('; ')) {
        this.#logger?.warn(
          `Some settings of '${scope}' do not fit the configuration and are left out: ${sentence}`,
        );
      }
    }
  }
}

function assertDifferentIds(definitions: readonly PipelineDefinition[]): void {
  const ours = definitions.filter(({ internal }) => internal);
  const taken = definitions.find(
    ({ id, internal }) => !internal && ours.some(own => own.id === id),
  );
  if (taken) {
    throw new ConflictError(
      `There is a pipeline '${taken.id}' of our own; give the one in 'pipelines.definitions' another id`,
    );
  }
}

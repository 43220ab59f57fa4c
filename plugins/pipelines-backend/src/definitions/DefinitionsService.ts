import { NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { DatabaseDefinitionsStore } from './DatabaseDefinitionsStore';
import { ParametersValidator } from './parameters';
import type { KnownPipeline, PipelineDefinition } from './types';

/** How long another process's configuration may stay unnoticed. */
const KNOWN_PIPELINES_MAX_AGE_MS = 15_000;

/** The pipelines that are configured, and the memory of those that once were. */
export class DefinitionsService {
  readonly #store: DatabaseDefinitionsStore;
  readonly #definitions: ReadonlyMap<string, PipelineDefinition>;
  readonly #validators: ReadonlyMap<string, ParametersValidator>;
  #known: { at: number; pipelines: Promise<KnownPipeline[]> } | undefined;

  private constructor(
    store: DatabaseDefinitionsStore,
    definitions: readonly PipelineDefinition[],
  ) {
    this.#store = store;
    this.#definitions = new Map(definitions.map(item => [item.id, item]));
    this.#validators = new Map(
      definitions.map(item => [
        item.id,
        new ParametersValidator(item.id, item.parameters),
      ]),
    );
  }

  static async create(options: {
    knex: Knex;
    definitions: readonly PipelineDefinition[];
  }): Promise<DefinitionsService> {
    const store = new DatabaseDefinitionsStore(options.knex);
    await store.sync(options.definitions);
    return new DefinitionsService(store, options.definitions);
  }

  /** The configured pipelines, by title. */
  list(): PipelineDefinition[] {
    return [...this.#definitions.values()].sort(
      (a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id),
    );
  }

  /** Undefined when no pipeline with this id is configured. */
  find(pipelineId: string): PipelineDefinition | undefined {
    return this.#definitions.get(pipelineId);
  }

  /**
   * The configured pipeline.
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
    this.get(pipelineId);
    return this.#validators.get(pipelineId)!.validate(parameters);
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
}

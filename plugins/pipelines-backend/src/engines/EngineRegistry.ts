import { ConflictError, NotFoundError } from '@backstage/errors';
import type { EngineCapabilities } from '@millrace/backstage-plugin-pipelines-common';
import type {
  Engine,
  EngineDefinition,
  PipelinesEnginesExtensionPoint,
} from '@millrace/backstage-plugin-pipelines-node';

/** The engines of this backend by id: the built-in ones and those that modules add. */
export class EngineRegistry implements PipelinesEnginesExtensionPoint {
  readonly #engines = new Map<string, Engine>();

  addEngine(engine: Engine): void {
    if (this.#engines.has(engine.id)) {
      throw new ConflictError(
        `There is an engine '${engine.id}' already; give the second one another id`,
      );
    }
    this.#engines.set(engine.id, engine);
  }

  /** @throws NotFoundError when no engine has this id */
  get(engineId: string): Engine {
    const engine = this.#engines.get(engineId);
    if (!engine) {
      throw new NotFoundError(
        `There is no engine '${engineId}'; known are ${this.ids().join(', ')}`,
      );
    }
    return engine;
  }

  /** The ids of all engines, in the order in which they were added. */
  ids(): string[] {
    return [...this.#engines.keys()];
  }

  /** What an engine can do; nothing when there is no such engine. */
  capabilitiesOf(engineId: string): EngineCapabilities | undefined {
    return this.#engines.get(engineId)?.capabilities;
  }

  /** The problems of a definition as sentences; see {@link Engine.checkDefinition}. */
  check(engineId: string, definition: EngineDefinition): string[] {
    return this.get(engineId).checkDefinition(definition);
  }
}

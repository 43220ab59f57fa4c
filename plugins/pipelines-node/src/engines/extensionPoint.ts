import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { Engine } from './Engine';

/** Takes engines from modules; the definitions of pipelines name them by id. @public */
export interface PipelinesEnginesExtensionPoint {
  /**
   * Adds an engine.
   *
   * @throws ConflictError when an engine with this id is there already
   */
  addEngine(engine: Engine): void;
}

/** The extension point of engines. @public */
export const pipelinesEnginesExtensionPoint =
  createExtensionPoint<PipelinesEnginesExtensionPoint>({
    id: 'pipelines.engines',
  });

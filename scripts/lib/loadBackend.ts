import { createRequire } from 'node:module';
import { inRoot } from './paths.ts';

const require = createRequire(import.meta.url);

/**
 * Loads a source file of the backend plugin as the backend itself does, with Backstage's own
 * transform, so that a script can call a service without HTTP.
 */
export function loadBackend<TModule>(file: string): TModule {
  require('@backstage/cli/config/nodeTransform.cjs');
  return require(inRoot(`plugins/pipelines-backend/src/${file}`)) as TModule;
}

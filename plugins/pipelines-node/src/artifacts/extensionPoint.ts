import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { ArtifactStore } from './ArtifactStore';

/** Takes artifact stores from modules; `pipelines.artifacts.store` names the one in use. @public */
export interface PipelinesArtifactStoresExtensionPoint {
  /**
   * Adds a store.
   *
   * @throws ConflictError when a store with this id is there already
   */
  addArtifactStore(store: ArtifactStore): void;
}

/** The extension point of artifact stores. @public */
export const pipelinesArtifactStoresExtensionPoint =
  createExtensionPoint<PipelinesArtifactStoresExtensionPoint>({
    id: 'pipelines.artifact-stores',
  });

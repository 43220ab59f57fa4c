export { ArtifactsService } from './ArtifactsService';
export { AuthorizedArtifactsService } from './AuthorizedArtifactsService';
export { LocalArtifactStore } from './LocalArtifactStore';
export { readArtifactsConfig } from './readArtifactsConfig';
export { ARTIFACT_CONTENT_PATH, createArtifactsRouter } from './routes';

export { ArtifactsService } from './ArtifactsService';
export { ArtifactStores } from './ArtifactStores';
export { AuthorizedArtifactsService } from './AuthorizedArtifactsService';
export { LocalArtifactStore } from './LocalArtifactStore';
export { readArtifactsConfig } from './readArtifactsConfig';
export { ARTIFACT_CONTENT_PATH, createArtifactsRouter } from './routes';
export { S3ArtifactStore } from './S3ArtifactStore';

export * from './ArtifactStore';
export * from './artifactStoreContract';
export * from './extensionPoint';

export * from './Engine';
export * from './extensionPoint';
export * from './engineContract';

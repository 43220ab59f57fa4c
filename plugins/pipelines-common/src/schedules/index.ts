export * from './policies';
export * from './schema';

export * from './schema';
export * from './state';

export * from './actions';
export * from './schema';
export * from './state';

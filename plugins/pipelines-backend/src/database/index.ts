export * from './inTransaction';
export * from './migrate';
export * from './transientErrors';
export * from './types';

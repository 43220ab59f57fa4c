export * from './migrate';
export * from './transientErrors';
export * from './types';

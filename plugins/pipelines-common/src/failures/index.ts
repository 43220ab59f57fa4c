export { FailuresClient, type FailuresFilter } from './FailuresClient';
export * from './schema';

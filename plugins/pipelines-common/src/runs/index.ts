export * from './actions';
export { MAX_DURATION_SECONDS, MAX_RUN_TEXT_LENGTH } from './filter';
export { jsonDiff, type JsonDifference } from './jsonDiff';
export { LabelsSchema } from './labels';
export * from './retention';
export * from './schema';
export * from './state';

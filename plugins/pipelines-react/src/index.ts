/**
 * What the Millrace frontends share: API ref, live hooks, state signs, charts, forms and log viewer.
 *
 * @packageDocumentation
 */
export * from './api';
export * from './comparison';
export * from './definitions';
export * from './failures';
export * from './live';
export * from './logs';
export * from './queue';
export * from './runs';
export * from './settings';
export * from './stats';
export * from './timeline';
export * from './translation';
export * from './ui';
export * from './views';

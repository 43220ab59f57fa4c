/**
 * Shapes, run states, permissions and API client shared by the Millrace frontends and backend.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './artifacts';
export * from './bulk';
export * from './comparison';
export * from './definitions';
export * from './engines';
export * from './failures';
export * from './health';
export * from './http';
export * from './logs';
export * from './permissions';
export * from './queue';
export * from './reporters';
export * from './runs';
export * from './schedules';
export * from './search';
export * from './settings';
export * from './stats';
export * from './timeline';
export * from './views';

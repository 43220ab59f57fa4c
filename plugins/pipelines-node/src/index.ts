/**
 * Extension points and contracts for Millrace modules: engines, artifact stores, and the API for
 * other plugins.
 *
 * @packageDocumentation
 */
export * from './api';
export * from './artifacts';
export * from './engines';

/**
 * Extension points and contracts for Millrace modules: engines and artifact stores.
 *
 * @packageDocumentation
 */
export * from './artifacts';
export * from './engines';

/**
 * Extension points and contracts for Millrace engines.
 *
 * @packageDocumentation
 */
export * from './engines';

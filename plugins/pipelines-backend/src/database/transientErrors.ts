import { setTimeout as sleep } from 'node:timers/promises';

/** SQL states after which the same transaction, begun again, can succeed at once. */
const RETRYABLE_SQL_STATES = ['40001', '40P01'];

/** SQL states and system errors that pass by themselves. */
const TRANSIENT_CODES = [
  ...RETRYABLE_SQL_STATES,
  '25006', // read-only, in the middle of a failover
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock not available
  '57014', // cancelled, by a statement timeout
  '57P01', // shutting down
  '57P02', // crash of another connection
  '57P03', // starting up
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

const MAX_TRANSACTION_TRIES = 5;

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the database, or the way to it, is only out of order for a while. */
export function isTransientDatabaseError(error: unknown): boolean {
  const code = codeOf(error);
  if (code) {
    return TRANSIENT_CODES.includes(code) || code.startsWith('08');
  }
  // The driver and the pool say these without a code.
  return (
    error instanceof Error &&
    (error.name === 'KnexTimeoutError' ||
      /connection (terminated|ended|error|is closed|timeout)|connection has encountered|not queryable|unable to acquire a connection|timeout exceeded when trying to connect|client was closed/i.test(
        error.message,
      ))
  );
}

/** Whether this is the violation of the named unique constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return (
    codeOf(error) === '23505' &&
    (error as { constraint?: unknown }).constraint === constraint
  );
}

/** Runs a transaction again when the database had to choose a victim; its caller never sees that. */
export async function retryTransaction<TResult>(
  transaction: () => Promise<TResult>,
): Promise<TResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (
        !RETRYABLE_SQL_STATES.includes(code) ||
        attempt === MAX_TRANSACTION_TRIES
      ) {
        throw error;
      }
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

/** The program was called wrongly; nothing was touched. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The source as a whole cannot be ingested. */
export class SourceError extends Error {
  override name = 'SourceError';
  /** The `error_type` under which it is recorded. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The run was asked to stop. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** The message of anything that was thrown, with what caused it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const nested =
    error instanceof AggregateError ? error.errors[0] : error.cause;
  const own = error.message || error.name;
  return nested === undefined ? own : `${own}: ${messageOf(nested)}`;
}

/** Something the submitter can put right: a parameter, a path, a file that is not a video. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}

/** The run was told to stop; carries the exit code that says by what. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The exit code of a process that ends because of `error`: 2 for bad input, 128 + signal when stopped, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof StoppedError) {
    return error.exitCode;
  }
  return error instanceof BadInputError ? 2 : 1;
}

/** What to tell a person about `error`, in one line. */
export function errorSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ');
}

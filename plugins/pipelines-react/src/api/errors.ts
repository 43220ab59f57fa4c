import { ResponseError } from '@backstage/errors';

/** The HTTP status that an error of the client carries, if the server answered at all. @public */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ResponseError ? error.statusCode : undefined;
}

/** Whether the server understood and refused, so that asking again changes nothing. @public */
export function isClientError(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
}

/** The sentence of an error for a person: what the server said, not how it was wrapped. @public */
export function messageOf(error: unknown): string {
  if (error instanceof ResponseError) {
    return error.cause.message || error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

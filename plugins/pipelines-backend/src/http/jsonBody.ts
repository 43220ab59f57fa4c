import { InputError } from '@backstage/errors';
import { json } from 'express';
import type { IncomingMessage } from 'node:http';

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Reads a body of JSON, and refuses any other: taken for none, it would leave a request with its
 * defaults, which do more than what was asked for.
 *
 * @param options - `limit`: the largest body, by default 100 kB; what is larger gets 413
 */
export function jsonBody(options?: {
  limit?: string;
}): ReturnType<typeof json> {
  const read = json(options);
  return (req, res, next) => {
    if (hasBody(req) && !JSON_TYPE.test(req.headers['content-type'] ?? '')) {
      next(
        new InputError(
          "The body must be JSON; say so with the header 'Content-Type: application/json'",
        ),
      );
      return;
    }
    read(req, res, next);
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  );
}

import { InputError } from '@backstage/errors';
import { json, type RequestHandler } from 'express';

/**
 * Reads a body of JSON, and refuses any other: taken for none, it would leave a request with its
 * defaults, which do more than what was asked for.
 *
 * @param options - `limit`: the largest body, by default 100 kB; what is larger gets 413
 */
export function jsonBody(options?: { limit?: string }): RequestHandler {
  const read = json(options);
  return (req, res, next) => {
    const isEmpty = req.get('content-length') === '0';
    if (!isEmpty && req.is('application/json') === false) {
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

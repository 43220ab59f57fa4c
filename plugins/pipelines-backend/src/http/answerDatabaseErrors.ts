import { ServiceUnavailableError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';
import { isTransientDatabaseError } from '../database';

/**
 * Makes 503 of what is only out of order for a while, so that callers know to ask again: a
 * database that restarts, is read-only in a failover, or has no connection left.
 */
export const answerDatabaseErrors: ErrorRequestHandler = (
  error,
  _req,
  _res,
  next,
) => {
  next(
    isTransientDatabaseError(error)
      ? new ServiceUnavailableError(
          'The database is out of order for the moment; nothing was changed, or it cannot be told whether it was. Ask again in a few seconds',
          error,
        )
      : error,
  );
};

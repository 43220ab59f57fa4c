import { NotAllowedError } from '@backstage/errors';
import type { Request } from 'express';

/**
 * Refuses a request that a page of another site made with the cookie of its visitor.
 *
 * @remarks
 * Browsers say where a request comes from; a caller with a token of its own is no browser that
 * was tricked.
 *
 * @throws NotAllowedError when it comes from another site
 */
export function assertOwnSite(req: Request): void {
  if (!req.get('Authorization') && req.get('Sec-Fetch-Site') === 'cross-site') {
    throw new NotAllowedError(
      'Another site may not load this; open it from the portal',
    );
  }
}

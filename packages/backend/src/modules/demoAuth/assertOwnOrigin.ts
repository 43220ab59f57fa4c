import { NotAllowedError } from '@backstage/errors';
import { IncomingMessage } from 'node:http';

/**
 * Refuses a request that a browser sends on behalf of another site.
 *
 * @remarks
 * Browsers name the origin of every POST; a program on this machine names none and may pass.
 *
 * @throws NotAllowedError
 */
export function assertOwnOrigin(
  request: Pick<IncomingMessage, 'headers'>,
  isOriginAllowed: (origin: string) => boolean,
): void {
  const { origin } = request.headers;
  if (origin !== undefined && !isOriginAllowed(origin)) {
    throw new NotAllowedError(
      `Demo users sign in only from the portal itself, not from '${origin}'`,
    );
  }
}

/**
 * Refuses a request without the header that Backstage's frontend sends and a form cannot.
 *
 * @throws NotAllowedError
 */
export function assertSentByScript(
  request: Pick<IncomingMessage, 'headers'>,
): void {
  if (request.headers['x-requested-with'] !== 'XMLHttpRequest') {
    throw new NotAllowedError(
      "Signing in needs the header 'X-Requested-With: XMLHttpRequest'",
    );
  }
}

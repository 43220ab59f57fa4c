import {
  InputError,
  NotAllowedError,
  NotImplementedError,
} from '@backstage/errors';
import { AuthProviderFactory } from '@backstage/plugin-auth-node';
import { Request } from 'express';
import { z } from 'zod';
import { assertLoopbackRequest } from './assertLoopbackRequest';
import { assertOwnOrigin, assertSentByScript } from './assertOwnOrigin';
import { DemoSignIn } from './DemoSignIn';
import { DemoAuthConfig } from './readDemoAuthConfig';

const refreshBodySchema = z.strictObject({
  userEntityRef: z.string().optional(),
});

/** How {@link createDemoAuthProvider} answers. */
export interface DemoAuthProviderOptions {
  config: DemoAuthConfig;
  /**
   * `chosen`: the user named in the request, for the sign-in page.
   * `first`: always the first user, for scripts that know the path of the usual guest provider.
   */
  user: 'chosen' | 'first';
}

/**
 * An auth provider without passwords: `POST refresh` answers with a token of a demo user.
 *
 * @remarks
 * No cookie is set: whoever shows a token again asks again, from this machine.
 */
export function createDemoAuthProvider(
  options: DemoAuthProviderOptions,
): AuthProviderFactory {
  return ({ resolverContext, isOriginAllowed }) => {
    const demo = DemoSignIn.create({
      config: options.config,
      context: resolverContext,
    });
    return {
      start: refuseWindow,
      frameHandler: refuseWindow,
      async refresh(request, response) {
        assertPost(request);
        assertLoopbackRequest(request);
        assertOwnOrigin(request, isOriginAllowed);
        const userEntityRef =
          options.user === 'chosen' ? readChosenUser(request) : undefined;
        response.setHeader('Cache-Control', 'no-store');
        response.json(await demo.signIn(userEntityRef));
      },
      async logout(_request, response) {
        response.status(204).end();
      },
    };
  };
}

function readChosenUser(request: Request): string | undefined {
  assertSentByScript(request);
  if (!request.is('application/json')) {
    throw new InputError(
      "Name the user as JSON: 'Content-Type: application/json'",
    );
  }
  const body = refreshBodySchema.safeParse(request.body);
  if (!body.success) {
    throw new InputError(z.prettifyError(body.error));
  }
  return body.data.userEntityRef;
}

function assertPost(request: Request): void {
  if (request.method !== 'POST') {
    throw new NotAllowedError('Demo users sign in with POST');
  }
}

async function refuseWindow(): Promise<void> {
  throw new NotImplementedError(
    'Demo users sign in without a window; use POST refresh',
  );
}

import type { AddressInfo } from 'node:net';
import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
  type HttpAuthService,
  type LifecycleService,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Router } from 'express';
import type { Knex } from 'knex';
import type { DefinitionsService } from '../definitions';
import { PipelineAccess } from '../permissions';
import { AuthorizedRunsService, RunsService } from '../runs';

/** What a router under test is made from. */
export interface RouterEnvironment {
  httpAuth: HttpAuthService;
  lifecycle: LifecycleService;
  logger: LoggerService;
  runs: RunsService;
  authorizedRuns: AuthorizedRunsService;
}

/** A running backend with one router of the plugin in it. */
export interface ServedRouter {
  server: Parameters<typeof import('supertest')>[0];
  /** Where the plugin's routes begin. */
  url: string;
  /** What the policy says from now on; allowed at first. */
  decide(result: AuthorizeResult.ALLOW | AuthorizeResult.DENY): void;
  stop(): Promise<void>;
}

/** Mounts a router in a backend with the real middleware, sign-in and permission checks. */
export async function serveRouter(options: {
  knex: Knex;
  definitions: DefinitionsService;
  /** Path that also takes the limited user cookie. */
  cookiePath?: string;
  createRouter: (env: RouterEnvironment) => Router | Promise<Router>;
}): Promise<ServedRouter> {
  let decision: AuthorizeResult.ALLOW | AuthorizeResult.DENY =
    AuthorizeResult.ALLOW;
  const backend = await startTestBackend({
    features: [
      createPlugin(options),
      // Nobody is signed in unless a test says so
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => ({
          authorize: async () => [],
          authorizeConditional: async requests =>
            requests.map(() => ({ result: decision })),
        }),
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  return {
    server: backend.server,
    url: `http://localhost:${port}/api/pipelines`,
    decide: result => {
      decision = result;
    },
    stop: () => backend.stop(),
  };
}

function createPlugin(options: Parameters<typeof serveRouter>[0]) {
  const { knex, definitions, cookiePath, createRouter } = options;
  return createBackendPlugin({
    pluginId: 'pipelines',
    register(env) {
      env.registerInit({
        deps: {
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
          permissionsRegistry: coreServices.permissionsRegistry,
        },
        async init({ httpRouter, ...services }) {
          const runs = new RunsService({ knex, definitions });
          const access = PipelineAccess.create({
            ...services,
            definitions,
            runs,
          });
          const authorizedRuns = new AuthorizedRunsService({ runs, access });
          httpRouter.use(
            await createRouter({ ...services, runs, authorizedRuns }),
          );
          if (cookiePath) {
            const path = cookiePath;
            httpRouter.addAuthPolicy({ path, allow: 'user-cookie' });
          }
        },
      });
    },
  });
}

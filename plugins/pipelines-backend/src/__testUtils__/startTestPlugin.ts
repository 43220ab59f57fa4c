import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
  type BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipelinesPlugin } from '../plugin';
import { TestDatabase } from './TestDatabase';

/** The whole plugin behind real HTTP, on a database and a folder of its own. */
export interface TestPlugin {
  server: Awaited<ReturnType<typeof startTestBackend>>['server'];
  database: TestDatabase;
  dataFolder: string;
  stop(): Promise<void>;
}

/**
 * Starts the plugin, without a worker unless `worker` says otherwise.
 *
 * @param options - `decide` answers for the policy, by default everything is allowed; without
 * an Authorization header a caller is nobody; `features` replace services
 */
export async function startTestPlugin(options: {
  definitions: JsonObject;
  /** Whatever else the configuration says under `pipelines`. */
  pipelines?: JsonObject;
  decide?: (
    credentials: BackstageCredentials,
    permission: Permission,
  ) => PolicyDecision;
  worker?: JsonObject;
  features?: BackendFeature[];
}): Promise<TestPlugin> {
  const decide =
    options.decide ?? (() => ({ result: AuthorizeResult.ALLOW } as const));
  const database = await TestDatabase.create({ migrate: false });
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'millrace-test-'));
  const clean = async () => {
    await database.drop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  const backend = await startTestBackend({
    features: [
      pipelinesPlugin,
      mockServices.database.factory({ knex: database.knex }),
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      mockServices.rootConfig.factory({
        data: {
          pipelines: {
            ...options.pipelines,
            dataFolder,
            worker: options.worker ?? { enabled: false },
            definitions: options.definitions,
          },
        },
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => ({
          authorize: async () => [],
          authorizeConditional: async (requests, { credentials }) =>
            requests.map(({ permission }) =>
              decide(credentials as BackstageCredentials, permission),
            ),
        }),
      }),
      ...(options.features ?? []),
    ],
  }).catch(async error => {
    await clean();
    throw error;
  });
  return {
    server: backend.server,
    database,
    dataFolder,
    async stop() {
      await backend.stop();
      await clean();
    },
  };
}

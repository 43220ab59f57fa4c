import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  EntityPolicies,
  FieldFormatEntityPolicy,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
} from '@backstage/catalog-model';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  catalogProcessingExtensionPoint,
  type EntityProvider,
  type EntityProviderMutation,
} from '@backstage/plugin-catalog-node';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import catalogModulePipelines from '.';

function pipeline(id: string, changes: Partial<Pipeline> = {}): Pipeline {
  return {
    id,
    title: `Title of ${id}`,
    engine: 'process',
    capabilities: { cancel: true, pause: true, logs: true, artifacts: true },
    parameters: {},
    stopGraceSeconds: 10,
    maxAttempts: 1,
    resumableSteps: false,
    after: [],
    settingsRevision: 0,
    active: { queued: 0, running: 0 },
    recentRuns: [],
    ...changes,
  };
}

describe('the catalog module', () => {
  const scheduler = mockServices.scheduler();
  let pipelines: Pipeline[] = [];
  let isDown = false;
  let mutations: EntityProviderMutation[] = [];
  let backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;

  /** What the plugin `pipelines` answers to services, one to a page. */
  const fakePipelines = createBackendPlugin({
    pluginId: 'pipelines',
    register(env) {
      env.registerInit({
        deps: {
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
        },
        async init({ httpAuth, httpRouter }) {
          const router = Router();
          router.get('/pipelines', async (req, res) => {
            await httpAuth.credentials(req, { allow: ['service'] });
            if (isDown) {
              throw new ServiceUnavailableError('Postgres is away');
            }
            const from = Number(req.query.cursor ?? 0);
            const end = from + 1;
            res.json({
              items: pipelines.slice(from, end),
              nextCursor: end < pipelines.length ? String(end) : undefined,
            });
          });
          httpRouter.use(router);
        },
      });
    },
  });

  beforeEach(() => {
    mutations = [];
    isDown = false;
  });
  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  async function start(provider: Record<string, string> = {}) {
    backend = await startTestBackend({
      features: [
        catalogModulePipelines,
        fakePipelines,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'https://portal.example.org/' },
            catalog: { providers: { pipelines: provider } },
          },
        }),
      ],
      extensionPoints: [
        [
          catalogProcessingExtensionPoint,
          {
            addEntityProvider: (entityProvider: EntityProvider) =>
              entityProvider.connect({
                applyMutation: async mutation => {
                  mutations.push(mutation);
                },
                refresh: async () => {},
              }),
            addProcessor: () => {},
            addPlaceholderResolver: () => {},
            setOnProcessingErrorHandler: () => {},
          },
        ],
      ],
    });
  }

  const refresh = () => scheduler.triggerTask('pipelines:refresh');

  it('makes a valid resource of each pipeline, with its owner, relations and links', async () => {
    pipelines = [
      pipeline('ingest', {
        description: 'Reads meetings',
        owner: 'group:default/data-platform',
        entity: 'component:default/meeting-archive',
      }),
      pipeline('0-clip-page', { after: ['ingest'] }),
    ];
    await start({ namespace: 'flows', defaultOwner: 'group:default/ops' });
    await refresh();

    expect(mutations).toEqual([
      {
        type: 'full',
        entities: [
          {
            locationKey: 'pipelines',
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Resource',
              metadata: {
                namespace: 'flows',
                name: 'ingest',
                title: 'Title of ingest',
                description: 'Reads meetings',
                annotations: {
                  'backstage.io/managed-by-location':
                    'millrace:pipelines/ingest',
                  'backstage.io/managed-by-origin-location':
                    'millrace:pipelines/ingest',
                  'millrace.dev/pipeline-id': 'ingest',
                },
                links: [
                  {
                    url: 'https://portal.example.org/pipelines/definitions/ingest',
                    title: 'Pipeline',
                    icon: 'dashboard',
                  },
                  {
                    url: 'https://portal.example.org/pipelines/definitions/ingest?tab=runs',
                    title: 'Runs',
                    icon: 'dashboard',
                  },
                ],
              },
              spec: {
                type: 'pipeline',
                owner: 'group:default/data-platform',
                dependencyOf: ['component:default/meeting-archive'],
              },
            },
          },
          expect.objectContaining({
            entity: expect.objectContaining({
              spec: {
                type: 'pipeline',
                owner: 'group:default/ops',
                dependsOn: ['resource:flows/ingest'],
              },
            }),
          }),
        ],
      },
    ]);
    const policy = EntityPolicies.allOf([
      new SchemaValidEntityPolicy(),
      new FieldFormatEntityPolicy(),
    ]);
    const [mutation] = mutations;
    for (const { entity } of mutation.type === 'full'
      ? mutation.entities
      : []) {
      // As it is stored: JSON leaves out what is undefined.
      const stored = JSON.parse(JSON.stringify(entity));
      await expect(policy.enforce(stored)).resolves.toBeDefined();
      expect(await resourceEntityV1alpha1Validator.check(stored)).toBe(true);
    }
  });

  it('takes out what is gone, and leaves everything while the API is away', async () => {
    pipelines = [pipeline('ingest'), pipeline('report')];
    await start();
    await refresh();
    pipelines = [];
    isDown = true;
    await refresh();
    expect(mutations).toHaveLength(1);
    isDown = false;
    await refresh();
    expect(
      mutations.map(mutation =>
        mutation.type === 'full' ? mutation.entities.length : undefined,
      ),
    ).toEqual([2, 0]);
  });

  it('refuses a namespace that the catalog would not accept', async () => {
    await expect(start({ namespace: 'No Space' })).rejects.toThrow(
      "'catalog.providers.pipelines.namespace' is 'No Space'",
    );
  });
});

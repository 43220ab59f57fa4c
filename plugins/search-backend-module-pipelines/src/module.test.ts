import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import searchPlugin from '@backstage/plugin-search-backend';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  ListRunsResponse,
  Pipeline,
  Run,
} from '@millrace/backstage-plugin-pipelines-common';
import express from 'express';
import Router from 'express-promise-router';
import { DateTime } from 'luxon';
import request from 'supertest';
import searchModulePipelines from '.';

const NOOR = 'user:default/noor';
const MATEO = 'user:default/mateo';
const OWNERS: Record<string, string> = { ingest: NOOR, transcode: MATEO };

const UUID = '018f0000-0000-7000-8000-';

function pipeline(id: string, title: string): Pipeline {
  return {
    id,
    title,
    description: `About ${title}`,
    owner: OWNERS[id],
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
  };
}

function failedRun(
  number: number,
  pipelineId: string,
  changes: Partial<Run> = {},
): Run {
  const at = DateTime.utc().minus({ hours: number }).toISO();
  return {
    id: `${UUID}${String(number).padStart(12, '0')}`,
    pipelineId,
    title: `Nocturne ${number}`,
    state: 'failed',
    origin: 'own',
    trigger: 'manual',
    submittedBy: NOOR,
    labels: {},
    priority: 0,
    attempt: 1,
    maxAttempts: 1,
    queuedAt: at,
    runAt: at,
    stateChangedAt: at,
    finishedAt: at,
    error: { kind: 'exit', message: 'HTTP 502\n  bad gateway', exitCode: 1 },
    ...changes,
  };
}

/** What the plugin `pipelines` answers to services, with pages of at most two. */
class FakePipelines {
  readonly queries: Record<string, unknown>[] = [];
  pipelines: Pipeline[] = [];
  runs: Run[] = [];

  readonly feature = createBackendPlugin({
    pluginId: 'pipelines',
    register: env => {
      env.registerInit({
        deps: {
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
        },
        init: async ({ httpAuth, httpRouter }) => {
          const router = Router();
          const answer =
            (read: () => unknown[]): express.RequestHandler =>
            async (req, res) => {
              await httpAuth.credentials(req, { allow: ['service'] });
              this.queries.push(req.query);
              const from = Number(req.query.cursor ?? 0);
              const end = from + Math.min(Number(req.query.limit), 2);
              res.json({
                items: read().slice(from, end),
                nextCursor: end < read().length ? String(end) : undefined,
              } satisfies { items: unknown[] } & Pick<ListRunsResponse, 'nextCursor'>);
            };
          router.get(
            '/pipelines',
            answer(() => this.pipelines),
          );
          router.get(
            '/runs',
            answer(() => this.runs),
          );
          httpRouter.use(router);
        },
      });
    },
  });
}

/** Everybody may see what they own; services everything. */
const permissions = createServiceFactory({
  service: coreServices.permissions,
  deps: {},
  factory: () => ({
    async authorizeConditional(requests) {
      return requests.map(() => ({
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'pipelines',
        resourceType: 'pipeline',
        conditions: { rule: 'IS_OWNER', resourceType: 'pipeline', params: {} },
      }));
    },
    async authorize(requests, options) {
      const { userEntityRef } = (
        options as { credentials: { principal: { userEntityRef?: string } } }
      ).credentials.principal;
      return requests.map(asked => ({
        result:
          asked.permission.name.match(/^pipelines\.(pipeline|run)\.read$/) &&
          'resourceRef' in asked &&
          OWNERS[asked.resourceRef ?? ''] === userEntityRef
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
      }));
    },
  }),
});

describe('the search module', () => {
  const fake = new FakePipelines();
  let backend: Awaited<ReturnType<typeof startTestBackend>> | undefined;
  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
    fake.queries.length = 0;
  });

  /** Starts the backend, and waits until both types are indexed. */
  async function start(collator: Record<string, number> = {}) {
    const scheduler = mockServices.scheduler();
    backend = await startTestBackend({
      features: [
        searchPlugin,
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => scheduler,
        }),
        searchModulePipelines,
        fake.feature,
        permissions,
        mockServices.rootConfig.factory({
          data: {
            permission: { enabled: true },
            search: {
              collators: {
                pipelines: {
                  schedule: {
                    frequency: { minutes: 5 },
                    timeout: { minutes: 1 },
                  },
                  ...collator,
                },
              },
            },
          },
        }),
      ],
    });
    await scheduler.triggerTask('search_index_pipeline');
    await scheduler.triggerTask('search_index_pipeline_run');
  }

  async function search(user: string, term: string, types?: string) {
    const { body } = await request(backend!.server)
      .get('/api/search/query')
      .query({ term, ...(types && { 'types[]': types }) })
      .set('Authorization', mockCredentials.user.header(user))
      .expect(200);
    return body.results as {
      type: string;
      document: Record<string, unknown>;
    }[];
  }

  it('shows each user the failed runs and pipelines that they may see, over all pages', async () => {
    fake.pipelines = [
      pipeline('ingest', 'Ingest meetings'),
      pipeline('other', 'Other meetings'),
      pipeline('transcode', 'Transcode meetings'),
    ];
    fake.runs = [
      failedRun(1, 'ingest'),
      failedRun(2, 'transcode'),
      failedRun(3, 'ingest', { state: 'lost', error: undefined }),
    ];
    await start();

    const noor = await search(NOOR, 'Nocturne');
    expect(noor.map(({ document }) => document.runId)).toEqual([
      fake.runs[0].id,
      fake.runs[2].id,
    ]);
    expect(noor[0]).toMatchObject({
      type: 'pipeline-run',
      document: {
        title: 'Nocturne 1',
        location: `/pipelines/runs/${fake.runs[0].id}`,
        state: 'failed',
        pipelineId: 'ingest',
        pipelineTitle: 'Ingest meetings',
        reason: 'HTTP 502 bad gateway',
        at: fake.runs[0].finishedAt,
      },
    });
    const mateo = await search(MATEO, 'Nocturne');
    expect(mateo.map(({ document }) => document.runId)).toEqual([
      fake.runs[1].id,
    ]);
    // The answer to a browser does not say what decided.
    expect(mateo[0].document).not.toHaveProperty('authorization');

    const pipelines = await search(MATEO, 'meetings', 'pipeline');
    expect(pipelines.map(({ document }) => document)).toEqual([
      {
        title: 'Transcode meetings',
        text: expect.stringContaining('About Transcode meetings'),
        location: '/pipelines/definitions/transcode',
        pipelineId: 'transcode',
        description: 'About Transcode meetings',
        owner: MATEO,
      },
    ]);
    expect(await search('user:default/nobody', 'Nocturne')).toEqual([]);
  });

  it('finds runs by their error message', async () => {
    fake.pipelines = [pipeline('ingest', 'Ingest meetings')];
    fake.runs = [
      failedRun(1, 'ingest'),
      failedRun(2, 'ingest', { error: undefined }),
    ];
    await start();
    const hits = await search(NOOR, 'gateway');
    expect(hits.map(({ document }) => document.runId)).toEqual([
      fake.runs[0].id,
    ]);
  });

  it('asks for failed runs alone, and indexes as many and as old ones as is configured', async () => {
    fake.pipelines = [pipeline('ingest', 'Ingest meetings')];
    fake.runs = [1, 2, 3, 20, 30].map(hours => failedRun(hours, 'ingest'));
    await start({ maxRuns: 3 });
    expect(await search(NOOR, 'Nocturne')).toHaveLength(3);
    expect(fake.queries).toContainEqual({
      state: 'failed,timed_out,lost',
      limit: '3',
    });

    await backend!.stop();
    fake.runs.push(failedRun(40, 'ingest'));
    await start({ runDays: 1 });
    const hits = await search(NOOR, 'Nocturne');
    expect(hits.map(({ document }) => document.title)).toEqual([
      'Nocturne 1',
      'Nocturne 2',
      'Nocturne 3',
      'Nocturne 20',
    ]);
  });

  it('keeps the newest failed run however old it is, so that the index is replaced', async () => {
    fake.pipelines = [pipeline('ingest', 'Ingest meetings')];
    fake.runs = [failedRun(1_000, 'ingest'), failedRun(1_001, 'ingest')];
    await start({ runDays: 1 });
    expect(await search(NOOR, 'Nocturne')).toHaveLength(1);
  });

  it('says which limit is wrong, and does not start', async () => {
    await expect(start({ maxRuns: 0 })).rejects.toThrow(
      "'search.collators.pipelines.maxRuns' is 0; it must be a whole number from 1 to 100000",
    );
  });
});

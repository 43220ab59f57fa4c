import { mockErrorHandler, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { runControlPermission } from '@millrace/backstage-plugin-pipelines-common';
import express from 'express';
import request from 'supertest';
import { createTestDefinitions, TestDatabase } from '../../__testUtils__';
import {
  createPipelineConditionalDecision,
  PipelineAccess,
  pipelineConditions,
  pipelineRules,
} from '../../permissions';
import {
  AuthorizedRunsService,
  createRunsRouter,
  RunsService,
} from '../../runs';
import { AuthorizedQueueService } from '../AuthorizedQueueService';
import { DatabaseRunQueue } from '../DatabaseRunQueue';
import { QueueService } from '../QueueService';
import { createQueueRouter } from '../routes';

const OURS = 'group:default/ours';

/**
 * The routes of runs and of the queue on a database of their own, with one queued run of a pipeline
 * that the caller's team owns and one of another; for all tests of the block it is called in.
 */
export function useQueueRoutes() {
  const permissions = mockServices.permissions.mock();
  const auditorEvent = { success: jest.fn(), fail: jest.fn() };
  const auditor = mockServices.auditor.mock({
    createEvent: jest.fn(async () => auditorEvent),
  });
  const routes = {
    permissions,
    auditor,
    auditorEvent,
    database: undefined as unknown as TestDatabase,
    runs: undefined as unknown as RunsService,
    queue: undefined as unknown as DatabaseRunQueue,
    app: undefined as unknown as express.Express,
    /** The id of the run of our own pipeline. */
    ours: '',
    /** The id of the run of another team's pipeline. */
    theirs: '',
    /** Everything is allowed but what is named; `own` is allowed for pipelines that we own. */
    answer: (decisions: Record<string, 'deny' | 'own'>): void => {
      permissions.authorizeConditional.mockImplementation(async queries =>
        queries.map(({ permission }) => {
          switch (decisions[permission.name] ?? decisions['*']) {
            case 'deny':
              return { result: AuthorizeResult.DENY };
            case 'own':
              return createPipelineConditionalDecision(
                permission as typeof runControlPermission,
                { anyOf: [pipelineConditions.isOwner({ ownerRefs: [OURS] })] },
              );
            default:
              return { result: AuthorizeResult.ALLOW };
          }
        }),
      );
    },
    post: (path: string, body: object = {}) =>
      request(routes.app).post(path).send(body),
    /** Every run as it is stored. */
    snapshot: async () =>
      JSON.stringify(await routes.database.knex('runs').select().orderBy('id')),
  };

  beforeAll(async () => {
    routes.database = await TestDatabase.create();
    const definitions = await createTestDefinitions(routes.database.knex, [
      { id: 'ours', owner: OURS },
      { id: 'theirs', owner: 'group:default/theirs' },
    ]);
    routes.runs = new RunsService({ knex: routes.database.knex, definitions });
    routes.queue = new DatabaseRunQueue({ knex: routes.database.knex });
    const rules = Object.values(pipelineRules);
    const access = PipelineAccess.create({
      permissions,
      permissionsRegistry: mockServices.permissionsRegistry.mock({
        getPermissionRuleset: () => ({
          getRuleByName: (name: string) =>
            rules.find(rule => rule.name === name),
        }),
      } as never),
      definitions,
      runs: routes.runs,
    });
    const authorized = new AuthorizedRunsService({ runs: routes.runs, access });
    const options = { httpAuth: mockServices.httpAuth(), auditor };
    routes.app = express()
      .use(createRunsRouter({ runs: authorized, ...options }))
      .use(
        createQueueRouter({
          queue: new AuthorizedQueueService({
            queue: routes.queue,
            service: new QueueService({
              knex: routes.database.knex,
              definitions,
            }),
            definitions,
            runs: authorized,
            access,
          }),
          ...options,
        }),
      )
      .use(mockErrorHandler());
  });
  afterAll(async () => {
    await routes.queue.close();
    await routes.database.drop();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    await routes.database.knex('runs').delete();
    routes.answer({});
    const submit = async (pipelineId: string) =>
      (
        await routes.runs.submitRun({
          request: { pipelineId, parameters: { secret: pipelineId } },
          actor: 'user:default/other',
          trigger: 'manual',
        })
      ).id;
    routes.ours = await submit('ours');
    routes.theirs = await submit('theirs');
  });
  return routes;
}

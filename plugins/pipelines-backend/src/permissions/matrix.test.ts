import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  API_ROUTES,
  type ApiOperation,
  type ApiRoute,
} from '@millrace/backstage-plugin-pipelines-common';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import type { TestDatabase } from '../__testUtils__';

/** What the policy says, or who asks. */
const COLUMNS = [
  'allow',
  'deny',
  'own',
  'other',
  'service',
  'cookie',
  'nobody',
] as const;
type Column = (typeof COLUMNS)[number];
type Row = Record<Column, number>;

const ITEM: Row = {
  allow: 200,
  deny: 404,
  own: 200,
  other: 404,
  service: 200,
  cookie: 401,
  nobody: 401,
};
const LIST: Row = { ...ITEM, deny: 403, other: 200 };
const OPEN: Row = {
  allow: 200,
  deny: 200,
  own: 200,
  other: 200,
  service: 200,
  cookie: 200,
  nobody: 200,
};
const SUBMIT: Row = { ...ITEM, allow: 201, own: 201, service: 201 };

/** One row for each operation of the API; a missing one does not compile and fails below. */
const MATRIX: Record<ApiOperation, Row> = {
  listPipelines: LIST,
  getPipeline: ITEM,
  submitRun: SUBMIT,
  triggerRun: SUBMIT,
  listRuns: LIST,
  getRun: ITEM,
  cancelRun: ITEM,
  deleteRun: ITEM,
  listRunAttempts: ITEM,
  listRunSteps: ITEM,
  listRunEvents: ITEM,
  listRunOutputs: ITEM,
  listRunArtifacts: ITEM,
  getArtifactContent: { ...ITEM, cookie: 200 },
  getRunLog: ITEM,
  streamRun: ITEM,
  getRawRunLog: ITEM,
  getStats: LIST,
  getStatsHistory: LIST,
  listWorkers: LIST,
  getHealth: OPEN,
  getOpenApi: OPEN,
};

const OPERATIONS = Object.keys(API_ROUTES) as ApiOperation[];

describe('who may do what', () => {
  let database: TestDatabase;
  let server: Parameters<typeof request>[0];
  let plugin: TestPlugin;
  let dataFolder: string;
  let column: Column = 'allow';
  let runId: string;
  let artifactId: string;

  function decide(credentials: BackstageCredentials): PolicyDecision {
    const { type } = credentials.principal as { type: string };
    if (type === 'service' || column === 'allow' || column === 'cookie') {
      return { result: AuthorizeResult.ALLOW };
    }
    if (column === 'own' || column === 'other') {
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'pipelines',
        resourceType: 'pipeline',
        conditions: {
          rule: 'IS_OWNER',
          resourceType: 'pipeline',
          params: { ownerRefs: [`group:default/${column}`] },
        },
      };
    }
    return { result: AuthorizeResult.DENY };
  }

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: {
        nightly: {
          command: [process.execPath, '--version'],
          owner: 'group:default/own',
        },
      },
      decide,
    });
    ({ database, dataFolder, server } = plugin);
  }, 120_000);

  afterAll(() => plugin?.stop());

  /** A run that is over, so that its stream ends, with an artifact; a queued one where it is to be cancelled. */
  async function makeRun(state: 'succeeded' | 'queued') {
    runId = uuid();
    artifactId = uuid();
    const ended = state === 'succeeded';
    await database.knex('runs').insert({
      id: runId,
      pipeline_id: 'nightly',
      trigger: 'manual',
      state,
      title: 'x',
      submitted_by: 'user:default/mock',
      attempt: ended ? 1 : 0,
      finished_at: ended ? database.knex.fn.now() : null,
    });
    if (ended) {
      await database.knex('run_attempts').insert({
        run_id: runId,
        attempt: 1,
        state,
        worker_id: 'w',
        host: 'h',
        boot_id: 'b',
      });
      await storeArtifact();
    }
  }

  async function storeArtifact() {
    const key = `ab/${artifactId}`;
    const file = path.join(dataFolder, 'artifacts', key);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'hello');
    await database.knex('run_artifacts').insert({
      id: artifactId,
      run_id: runId,
      attempt: 1,
      name: 'hello.txt',
      media_type: 'text/plain',
      bytes: 5,
      sha256:
        '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      store_key: key,
    });
  }

  function call(operation: ApiOperation) {
    const route = API_ROUTES[operation];
    const url = `/api/pipelines${route.path}`
      .replace(':runId', runId)
      .replace(':artifactId', artifactId)
      .replace(':pipelineId', 'nightly');
    const test = request(server)[route.method](url);
    if (operation === 'submitRun' || operation === 'triggerRun') {
      test.send({ pipelineId: 'nightly' });
    } else if (operation === 'cancelRun') {
      test.send({});
    }
    if (column === 'service') {
      return test.set('Authorization', mockCredentials.service.header());
    }
    if (column === 'nobody') {
      return test.set('Authorization', mockCredentials.none.header());
    }
    if (column === 'cookie') {
      return test
        .set('Cookie', mockCredentials.limitedUser.cookie())
        .set('Sec-Fetch-Site', 'same-origin');
    }
    return test.set('Authorization', mockCredentials.user.header());
  }

  it('has a row for every operation of the API', () => {
    expect(Object.keys(MATRIX).sort()).toEqual([...OPERATIONS].sort());
  });

  describe.each(COLUMNS)('%s', name => {
    beforeEach(() => {
      column = name;
    });

    it.each(OPERATIONS)('%s', async operation => {
      const cancels = operation === 'cancelRun' || operation === 'deleteRun';
      await makeRun(cancels ? 'queued' : 'succeeded');
      const response = await call(operation);
      expect({ operation, status: response.status }).toEqual({
        operation,
        status: MATRIX[operation][name],
      });
    });

    it('lists and counts nothing of others', async () => {
      await makeRun('succeeded');
      const [runs, pipelines, stats] = await Promise.all([
        call('listRuns'),
        call('listPipelines'),
        call('getStats'),
      ]);
      const seen = MATRIX.listRuns[name] === 200 && name !== 'other';
      expect({
        runs: runs.body.items?.length > 0,
        pipelines: pipelines.body.items?.length > 0,
        stats: stats.body.total > 0,
      }).toEqual({ runs: seen, pipelines: seen, stats: seen });
    });
  });

  const ANSWERING = OPERATIONS.filter(
    operation =>
      'response' in API_ROUTES[operation] &&
      operation !== 'cancelRun' &&
      operation !== 'deleteRun',
  );

  it.each(ANSWERING)(
    'answers %s in the shape that the API promises',
    async operation => {
      column = 'allow';
      await makeRun('succeeded');
      const { response }: ApiRoute = API_ROUTES[operation];
      const { body } = await call(operation);
      expect(response!.parse(body)).toEqual(body);
    },
  );

  it('mounts no route that the API does not name', async () => {
    column = 'allow';
    for (const url of ['/runs/x/y', '/nothing', '/runs/external/a/b']) {
      const response = await request(server)
        .get(`/api/pipelines${url}`)
        .set('Authorization', mockCredentials.user.header());
      expect(response.status).toBe(404);
    }
  });
});

import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  API_ROUTES,
  type ApiOperation,
  type ApiRoute,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import {
  GOOD_PLUGIN,
  prepareRequest,
  sendRequest,
  type GoodRequest,
} from '../__testUtils__/goodRequests';
import { snapshotTables } from '../__testUtils__/snapshotTables';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';
import { COLUMNS, MATRIX, type Column } from './__testUtils__/matrix';

const OPERATIONS = Object.keys(API_ROUTES) as ApiOperation[];
const MUTATIONS = OPERATIONS.filter(name => API_ROUTES[name].method !== 'get');
/** Its sender is known by the signature, whatever the policy says. */
const SIGNED: ApiOperation = 'fireTrigger';

/** Saving a view changes nothing for anybody who is not asked to look at it. */
function isForReaders(operation: ApiOperation): boolean {
  const { permission }: ApiRoute = API_ROUTES[operation];
  return permission?.attributes.action === 'read';
}

describe('who may do what', () => {
  let plugin: TestPlugin;
  let column: Column = 'allow';
  /** What the policy refuses to users beside that. */
  let refuses: (permission: Permission) => boolean = () => false;

  function decide(
    credentials: BackstageCredentials,
    permission: Permission,
  ): PolicyDecision {
    const { type } = credentials.principal as { type: string };
    if (type === 'service') {
      return { result: AuthorizeResult.ALLOW };
    }
    if (column === 'deny' || column === 'nobody' || refuses(permission)) {
      return { result: AuthorizeResult.DENY };
    }
    if (column === 'allow' || column === 'cookie') {
      return { result: AuthorizeResult.ALLOW };
    }
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

  beforeAll(async () => {
    plugin = await startTestPlugin({ ...GOOD_PLUGIN, decide });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(() => {
    column = 'allow';
    refuses = () => false;
  });

  function headersOfCaller(): Record<string, string> {
    switch (column) {
      case 'service':
        return { Authorization: mockCredentials.service.header() };
      case 'nobody':
        return { Authorization: mockCredentials.none.header() };
      case 'cookie':
        return {
          Cookie: mockCredentials.limitedUser.cookie(),
          'Sec-Fetch-Site': 'same-origin',
        };
      default:
        return { Authorization: mockCredentials.user.header() };
    }
  }

  const send = (operation: ApiOperation, good: GoodRequest) =>
    sendRequest(plugin, operation, good, headersOfCaller());
  const call = async (operation: ApiOperation) =>
    send(operation, await prepareRequest(plugin, operation));

  it('has a row for every operation of the API', () => {
    expect(Object.keys(MATRIX).sort()).toEqual([...OPERATIONS].sort());
  });

  describe.each(COLUMNS)('%s', name => {
    beforeEach(() => {
      column = name;
    });

    it.each(OPERATIONS)('%s', async operation => {
      const good = await prepareRequest(plugin, operation);
      const before = await snapshotTables(plugin.database.knex);
      const { status } = await send(operation, good);
      const mayChange = status < 300 && MUTATIONS.includes(operation);
      expect({
        operation,
        status,
        after: mayChange ? before : await snapshotTables(plugin.database.knex),
      }).toEqual({
        operation,
        status: MATRIX[operation][name],
        after: before,
      });
    });

    it('lists and counts nothing of others', async () => {
      const queued = await prepareRequest(plugin, 'bulkRuns');
      const get = (operation: ApiOperation) =>
        send(operation, { path: API_ROUTES[operation].path, headers: {} });
      const dryRun = (operation: ApiOperation, body: object) =>
        send(operation, { ...queued, path: API_ROUTES[operation].path, body });
      const timeline = await send(
        'getTimeline',
        await prepareRequest(plugin, 'getTimeline'),
      );
      const [runs, pipelines, stats, queue, waiting, cleared, bulk] =
        await Promise.all([
          get('listRuns'),
          get('listPipelines'),
          get('getStats'),
          get('getQueue'),
          get('listQueuedRuns'),
          dryRun('clearQueue', { dryRun: true }),
          dryRun('bulkRuns', { ...queued.body, dryRun: true }),
        ]);
      const seen = MATRIX.listRuns[name] === 200 && name !== 'other';
      expect({
        runs: runs.body.items?.length > 0,
        pipelines: pipelines.body.items?.length > 0,
        stats: stats.body.total > 0,
        timeline: timeline.body.pipelines?.length > 0,
        queue: queue.body.queued > 0 || queue.body.pipelines?.length > 0,
        waiting: waiting.body.items?.length > 0,
        cleared: cleared.body.cancelled > 0 || cleared.body.kept > 0,
        bulk: bulk.body.matches > 0,
      }).toEqual({
        runs: seen,
        pipelines: seen,
        stats: seen,
        timeline: seen,
        queue: seen,
        waiting: seen,
        cleared: seen,
        bulk: seen,
      });
    });
  });

  describe('somebody who may see everything and change nothing', () => {
    beforeEach(() => {
      refuses = ({ attributes }) => attributes.action !== 'read';
    });

    it.each(
      MUTATIONS.filter(
        operation => operation !== SIGNED && !isForReaders(operation),
      ),
    )('is forbidden %s, and nothing changes', async operation => {
      const good = await prepareRequest(plugin, operation);
      const before = await snapshotTables(plugin.database.knex);
      const { status, body } = await send(operation, good);
      expect({ status, name: body.error?.name }).toEqual({
        status: 403,
        name: 'NotAllowedError',
      });
      expect(await snapshotTables(plugin.database.knex)).toEqual(before);
    });
  });

  it.each(OPERATIONS.filter(name => 'permission' in API_ROUTES[name]))(
    'needs for %s the permission that the API names, whatever else is allowed',
    async operation => {
      const { permission }: ApiRoute = API_ROUTES[operation];
      refuses = ({ name }) => name === permission!.name;
      const { status } = await call(operation);
      expect([403, 404]).toContain(status);
    },
  );

  it('lets nobody retry a run whose pipeline they may not run', async () => {
    refuses = ({ name }) => name === 'pipelines.pipeline.run';
    expect((await call('retryRun')).status).toBe(403);
  });

  it.each(COLUMNS)('refuses a call that is not signed: %s', async name => {
    column = name;
    const { headers, ...unsigned } = await prepareRequest(plugin, SIGNED);
    const before = await snapshotTables(plugin.database.knex);
    const { status } = await send(SIGNED, { ...unsigned, headers: {} });
    expect(status).toBe(401);
    expect(await snapshotTables(plugin.database.knex)).toEqual(before);
  });

  it.each(OPERATIONS.filter(name => 'response' in API_ROUTES[name]))(
    'answers %s in the shape that the API promises',
    async operation => {
      const { response }: ApiRoute = API_ROUTES[operation];
      const { body } = await call(operation);
      expect(response!.parse(body)).toEqual(body);
    },
  );

  it('mounts no route that the API does not name', async () => {
    for (const url of ['/runs/x/y', '/nothing', '/runs/external/a/b']) {
      const response = await request(plugin.server)
        .get(`/api/pipelines${url}`)
        .set('Authorization', mockCredentials.user.header());
      expect(response.status).toBe(404);
    }
  });
});

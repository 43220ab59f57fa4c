import type { AuditorServiceEvent } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { API_ROUTES } from '@millrace/backstage-plugin-pipelines-common';
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
import {
  IMPOSSIBLE,
  MUTATIONS,
  type Mutation,
  type OnRecord,
} from './__testUtils__/mutations';

const OPERATIONS = Object.entries(MUTATIONS) as [Mutation, OnRecord][];

describe('the record of who did what', () => {
  let plugin: TestPlugin;
  let result: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
  const event = { success: jest.fn(), fail: jest.fn() };
  const createEvent = jest.fn(async () => event as AuditorServiceEvent);

  beforeAll(async () => {
    plugin = await startTestPlugin({
      ...GOOD_PLUGIN,
      features: [mockServices.auditor.mock({ createEvent }).factory],
      decide: () => ({ result }),
    });
  }, 120_000);
  afterAll(() => plugin?.stop());

  /** Prepares a request, and forgets what that has put on record. */
  async function prepare(operation: Mutation): Promise<GoodRequest> {
    result = AuthorizeResult.ALLOW;
    const good = await prepareRequest(plugin, operation);
    jest.clearAllMocks();
    return good;
  }

  const send = (operation: Mutation, good: GoodRequest) =>
    sendRequest(plugin, operation, good, {
      Authorization: mockCredentials.user.header(),
    });

  async function readRecords(): Promise<Map<string, string>> {
    const { rows } = await plugin.database.knex.raw<{
      rows: { key: string; record: string }[];
    }>(`
      select 'run ' || run_id || seq as key, 'run_events: ' || name || ' by ' || actor as record from run_events
      union all select 'queue ' || id, 'queue_events: ' || action || ' by ' || actor from queue_events
      union all select 'failure ' || id, 'failure_events: ' || name || ' by ' || actor from failure_events
      union all select 'view ' || id, 'view_events: ' || name || ' by ' || actor from view_events
      union all select 'settings ' || scope || revision, 'settings_revisions: revision by ' || author from settings_revisions`);
    return new Map(rows.map(({ key, record }) => [key, record]));
  }

  function expectAudited(
    [eventId, actionType]: OnRecord['audit'],
    outcome: 'success' | 'fail',
  ) {
    expect(createEvent.mock.calls).toEqual([
      [
        expect.objectContaining({
          eventId,
          meta: expect.objectContaining({ actionType }),
        }),
      ],
    ]);
    expect({
      success: event.success.mock.calls.length,
      fail: event.fail.mock.calls,
    }).toEqual(
      outcome === 'success'
        ? { success: 1, fail: [] }
        : { success: 0, fail: [[{ error: expect.any(Error) }]] },
    );
  }

  it('covers every route that is not only read', () => {
    const mutations = Object.entries(API_ROUTES)
      .filter(([, { method }]) => method !== 'get')
      .map(([operation]) => operation);
    expect(Object.keys(MUTATIONS).sort()).toEqual(mutations.sort());
  });

  it.each(OPERATIONS)(
    'has one success of %s, and what was done with its actor',
    async (operation, { audit, written }) => {
      const good = await prepare(operation);
      const before = await readRecords();
      const { status, body } = await send(operation, good);

      const route = API_ROUTES[operation];
      expect({ status, error: body.error }).toEqual({
        status: 'status' in route ? route.status : 200,
      });
      expectAudited(audit, 'success');
      const added = [...(await readRecords())]
        .filter(([key]) => !before.has(key))
        .map(([, record]) => record);
      expect([...new Set(added)].sort()).toEqual([...written].sort());
    },
  );

  it.each(OPERATIONS.filter(([operation]) => operation !== 'fireTrigger'))(
    'has one failure of %s that is not allowed, and nothing of it anywhere',
    async (operation, { audit }) => {
      const good = await prepare(operation);
      const before = await snapshotTables(plugin.database.knex);
      result = AuthorizeResult.DENY;

      expect([403, 404]).toContain((await send(operation, good)).status);
      expectAudited(audit, 'fail');
      expect(await snapshotTables(plugin.database.knex)).toEqual(before);
    },
  );

  it.each(IMPOSSIBLE)(
    'has one failure of %s (%s), and nothing of it anywhere',
    async (_, operation, status, request) => {
      const good = await prepare(operation);
      const before = await snapshotTables(plugin.database.knex);

      const response = await send(operation, { ...good, ...request });
      expect({ status: response.status, body: response.body }).toEqual({
        status,
        body: expect.objectContaining({ error: expect.anything() }),
      });
      expectAudited(MUTATIONS[operation].audit, 'fail');
      expect(await snapshotTables(plugin.database.knex)).toEqual(before);
    },
  );

  it.each<[Mutation, string]>([
    ['cancelRun', 'cancel'],
    ['pauseRun', 'pause'],
    ['resumeRun', 'resume'],
  ])(
    'has one failure of %s for a run that is over',
    async (operation, verb) => {
      // A retry asks for a run that is over.
      const { path } = await prepare('retryRun');
      const { status } = await send(operation, {
        path: path.replace('retry', verb),
        headers: {},
        body: {},
      });
      expect(status).toBe(409);
      expectAudited(MUTATIONS[operation].audit, 'fail');
    },
  );

  it.each<[Mutation, object]>([
    ['bulkRuns', { action: 'cancel', filter: {} }],
    ['clearQueue', {}],
    [
      'backfillPipeline',
      { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' },
    ],
  ])(
    'says nothing of %s that only asks what it would do',
    async (operation, body) => {
      const good = await prepare(operation);
      const before = await snapshotTables(plugin.database.knex);
      const { status } = await send(operation, {
        ...good,
        body: { ...body, dryRun: true },
      });
      expect(status).toBe(200);
      expect(createEvent).not.toHaveBeenCalled();
      expect(await snapshotTables(plugin.database.knex)).toEqual(before);
    },
  );

  it('does not record a failure when a success could not be recorded', async () => {
    const good = await prepare('submitRun');
    event.success.mockRejectedValueOnce(new Error('the audit is down'));
    expect((await send('submitRun', good)).status).toBe(500);
    expect(event.fail).not.toHaveBeenCalled();
  });
});

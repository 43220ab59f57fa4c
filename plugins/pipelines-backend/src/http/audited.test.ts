import type { AuditorServiceEvent } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  API_ROUTES,
  type ApiOperation,
} from '@millrace/backstage-plugin-pipelines-common';
import request from 'supertest';
import { v7 as uuid } from 'uuid';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

type Mutation = {
  [TName in ApiOperation]: (typeof API_ROUTES)[TName]['method'] extends 'get'
    ? never
    : TName;
}[ApiOperation];

/** What each mutation is called in the audit and in `run_events`; a missing one does not compile. */
const MUTATIONS: Record<Mutation, { actionType: string; event: string }> = {
  submitRun: { actionType: 'submit', event: 'submitted' },
  triggerRun: { actionType: 'submit', event: 'submitted' },
  cancelRun: { actionType: 'cancel', event: 'cancelled' },
  deleteRun: { actionType: 'cancel', event: 'cancelled' },
};

const OPERATIONS = Object.entries(MUTATIONS).map(
  ([operation, names]) => [operation as Mutation, names] as const,
);

describe('the record of who did what', () => {
  let plugin: TestPlugin;
  const event = { success: jest.fn(), fail: jest.fn() };
  const createEvent = jest.fn(async () => event as AuditorServiceEvent);

  beforeAll(async () => {
    plugin = await startTestPlugin({
      definitions: { nightly: { command: [process.execPath, '--version'] } },
      features: [mockServices.auditor.mock({ createEvent }).factory],
    });
  }, 120_000);
  afterAll(() => plugin?.stop());
  beforeEach(() => jest.clearAllMocks());

  async function makeRun(state: 'queued' | 'succeeded'): Promise<string> {
    const id = uuid();
    const { knex } = plugin.database;
    await knex('runs').insert({
      id,
      pipeline_id: 'nightly',
      trigger: 'manual',
      state,
      title: 'x',
      submitted_by: 'user:default/other',
      finished_at: state === 'queued' ? null : knex.fn.now(),
    });
    return id;
  }

  async function mutate(
    operation: Mutation,
    runId: string,
    pipelineId: string,
  ) {
    const { method, path } = API_ROUTES[operation];
    const { status, body } = await request(plugin.server)
      [method](`/api/pipelines${path.replace(':runId', runId)}`)
      .set('Authorization', mockCredentials.user.header())
      .send(path.includes(':runId') ? {} : { pipelineId });
    return { status, body };
  }

  it('covers every route that is not only read', () => {
    const mutations = Object.entries(API_ROUTES)
      .filter(([, { method }]) => method !== 'get')
      .map(([operation]) => operation);
    expect(Object.keys(MUTATIONS).sort()).toEqual(mutations.sort());
  });

  it.each(OPERATIONS)(
    'has one success of %s, and an event of the run with its actor',
    async (operation, { actionType, event: name }) => {
      const { status, body } = await mutate(
        operation,
        await makeRun('queued'),
        'nightly',
      );

      expect(status).toBe(
        API_ROUTES[operation].method === 'post' && actionType === 'submit'
          ? 201
          : 200,
      );
      expect(createEvent).toHaveBeenCalledTimes(1);
      expect(createEvent).toHaveBeenCalledWith(
        expect.objectContaining({
          eventId: 'run',
          meta: expect.objectContaining({ actionType }),
        }),
      );
      expect(event.success).toHaveBeenCalledTimes(1);
      expect(event.fail).not.toHaveBeenCalled();
      const rows = await plugin.database
        .knex('run_events')
        .where({ run_id: body.id })
        .select('name', 'actor');
      expect(rows).toEqual([{ name, actor: 'user:default/mock' }]);
    },
  );

  it.each(OPERATIONS)(
    'has one failure of %s, and nothing of it on the run',
    async operation => {
      const runId = await makeRun('succeeded');
      const { status } = await mutate(operation, runId, 'unknown');

      expect([404, 409]).toContain(status);
      expect(createEvent).toHaveBeenCalledTimes(1);
      expect(event.fail).toHaveBeenCalledTimes(1);
      expect(event.fail).toHaveBeenCalledWith({ error: expect.any(Error) });
      expect(event.success).not.toHaveBeenCalled();
      expect(
        await plugin.database.knex('run_events').where({ run_id: runId }),
      ).toEqual([]);
    },
  );

  it('does not record a failure when a success could not be recorded', async () => {
    event.success.mockRejectedValueOnce(new Error('the audit is down'));
    const { status } = await mutate('submitRun', '', 'nightly');
    expect(status).toBe(500);
    expect(event.fail).not.toHaveBeenCalled();
  });
});

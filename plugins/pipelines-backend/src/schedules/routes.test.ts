import type { AuditorServiceEvent } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type Permission,
} from '@backstage/plugin-permission-common';
import {
  BackfillSchema,
  PipelineTriggersSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import {
  createPipelineConditionalDecision,
  pipelineConditions,
} from '../permissions';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

const API = '/api/pipelines/pipelines';
const OURS = 'group:default/ours';
const SECRET = Buffer.alloc(32, 1).toString('base64');
const command = [process.execPath, '--version'];

// Each test talks to a real backend and database, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('the routes of triggers', () => {
  let plugin: TestPlugin;
  let folder: string;
  let decisions: Record<string, 'deny' | 'own'> = {};
  const event = { success: jest.fn(), fail: jest.fn() };
  const createEvent = jest.fn(async () => event as AuditorServiceEvent);

  const decide = (_: unknown, permission: Permission) => {
    switch (decisions[permission.name]) {
      case 'deny':
        return { result: AuthorizeResult.DENY } as const;
      case 'own':
        return createPipelineConditionalDecision(
          permission as Parameters<typeof createPipelineConditionalDecision>[0],
          pipelineConditions.isOwner({ ownerRefs: [OURS] }),
        );
      default:
        return { result: AuthorizeResult.ALLOW } as const;
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'millrace-watched-'));
    plugin = await startTestPlugin({
      decide,
      definitions: {
        nightly: {
          command,
          owner: OURS,
          schedule: { cron: '30 2 * * *', timezone: 'Europe/Berlin' },
          after: ['theirs', 'first'],
        },
        first: { command, owner: OURS },
        theirs: { command, owner: 'group:default/theirs' },
        last: {
          command,
          owner: OURS,
          parameters: {
            type: 'object',
            properties: { file: { type: 'string' } },
          },
          after: ['nightly'],
        },
        off: {
          command,
          owner: OURS,
          schedule: { cron: '0 0 * * *', enabled: false, missed: 'all' },
        },
      },
      pipelines: {
        watches: {
          inbox: {
            folder,
            enabled: false,
            stable: { seconds: 7 },
            rules: [
              { glob: '*.txt', pipeline: 'first' },
              {
                glob: '*',
                pipeline: 'last',
                parameters: { file: '${{ file.path }}' },
                deleteInput: true,
              },
            ],
          },
        },
        webhooks: { push: { pipeline: 'last', secret: SECRET } },
      },
      features: [mockServices.auditor.mock({ createEvent }).factory],
    });
  }, 120_000);
  afterAll(async () => {
    await plugin?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    decisions = {};
    jest.clearAllMocks();
  });

  const user = (test: request.Test) =>
    test.set('Authorization', mockCredentials.user.header());
  const getTriggers = (pipelineId: string) =>
    user(request(plugin.server).get(`${API}/${pipelineId}/triggers`));
  const backfill = (pipelineId: string, body: object) =>
    user(request(plugin.server).post(`${API}/${pipelineId}/backfill`)).send(
      body,
    );
  const runs = () => plugin.database.knex('runs').orderBy('id');

  it('shows the schedule with its next starts, and what comes before and after', async () => {
    const { status, body } = await getTriggers('nightly');
    expect(status).toBe(200);
    expect(PipelineTriggersSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      schedule: {
        cron: '30 2 * * *',
        timezone: 'Europe/Berlin',
        missed: 'once',
        enabled: true,
      },
      watches: [],
      webhooks: [],
      after: ['theirs', 'first'],
      starts: ['last'],
    });
    const next = body.schedule.next.map((start: string) => Date.parse(start));
    expect(next).toHaveLength(5);
    expect(next[0]).toBeGreaterThan(Date.now());
    expect(next).toEqual([...next].sort());
    expect(body.schedule.nextAt).toBe(body.schedule.next[0]);
  });

  it('shows no next start of a schedule that is not enabled', async () => {
    const { body } = await getTriggers('off');
    expect(body.schedule).toMatchObject({ enabled: false, next: [] });
    expect(body.schedule.nextAt).toBeUndefined();
  });

  it('shows watches with the rules of the pipeline, never where they are on the host', async () => {
    const { body } = await getTriggers('last');
    expect(body.watches).toEqual([
      {
        id: 'inbox',
        folder,
        enabled: false,
        stableSeconds: 7,
        rules: [
          {
            glob: '*',
            pipelineId: 'last',
            parameters: { file: '${{ file.path }}' },
            deleteInput: true,
          },
        ],
        files: [],
      },
    ]);
    expect(body.webhooks).toEqual([{ id: 'push' }]);
    expect(JSON.stringify(body)).not.toContain(SECRET);
  });

  it('hides other pipelines from those who may not see them', async () => {
    decisions = { 'pipelines.pipeline.read': 'own' };
    const { body } = await getTriggers('nightly');
    expect(body.after).toEqual(['first']);
    expect((await getTriggers('theirs')).status).toBe(404);
  });

  it('needs somebody, who may read or run the pipeline', async () => {
    const RANGE = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
    const statuses = async () => [
      (await getTriggers('nightly')).status,
      (await backfill('nightly', RANGE)).status,
    ];
    expect(
      (await request(plugin.server).get(`${API}/nightly/triggers`)).status,
    ).toBe(401);
    expect(
      (await request(plugin.server).post(`${API}/nightly/backfill`).send(RANGE))
        .status,
    ).toBe(401);
    decisions = { 'pipelines.pipeline.run': 'deny' };
    expect(await statuses()).toEqual([200, 403]);
    decisions = { 'pipelines.pipeline.read': 'deny' };
    expect(await statuses()).toEqual([404, 404]);
    expect(await runs()).toEqual([]);
    decisions = {};
    expect((await getTriggers('nope')).status).toBe(404);
    expect((await backfill('bulk-actions', RANGE)).status).toBe(404);
  });

  it('previews and makes a backfill in the name of its caller, and says so to the auditor', async () => {
    const RANGE = { from: '2026-11-01T00:00:00Z', to: '2026-11-04T00:00:00Z' };
    const preview = await backfill('nightly', { ...RANGE, dryRun: true });
    expect({ status: preview.status, count: preview.body.count }).toEqual({
      status: 200,
      count: 3,
    });
    expect(await runs()).toEqual([]);
    expect(createEvent).not.toHaveBeenCalled();

    const made = await backfill('nightly', { ...RANGE, note: 'lost' });
    expect(BackfillSchema.parse(made.body)).toEqual(made.body);
    expect(
      made.body.starts.map((start: { startAt: string }) => start.startAt),
    ).toEqual(
      preview.body.starts.map((start: { startAt: string }) => start.startAt),
    );
    const found = await runs();
    expect(found.map(run => run.id)).toEqual(
      made.body.starts.map((start: { runId: string }) => start.runId),
    );
    expect(found[0]).toMatchObject({
      submitted_by: 'user:default/mock',
      trigger: 'manual',
      note: 'lost',
      labels: { 'scheduled-for': made.body.starts[0].startAt },
    });
    expect(createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'run',
        meta: { actionType: 'backfill', pipelineId: 'nightly' },
      }),
    );
    expect(event.success).toHaveBeenCalledTimes(1);
  });

  it.each<[string, string, object, RegExp]>([
    ['no range', 'nightly', {}, /from/],
    ['no time', 'nightly', { from: 'yesterday', to: 'today' }, /from/],
    [
      'a range backwards',
      'nightly',
      { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' },
      /must end after/,
    ],
    [
      'what there is not',
      'nightly',
      { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z', force: 1 },
      /force/,
    ],
    [
      'no schedule',
      'first',
      { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
      /has no schedule/,
    ],
  ])('refuses a backfill with %s', async (_, pipelineId, body, message) => {
    const before = (await runs()).length;
    const answer = await backfill(pipelineId, body);
    expect({
      status: answer.status,
      message: answer.body.error?.message,
    }).toEqual({ status: 400, message: expect.stringMatching(message) });
    expect(await runs()).toHaveLength(before);
  });
});

import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  ListRevisionsResponseSchema,
  SettingsSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

jest.setTimeout(60_000);

const COMMAND = [process.execPath, '--version'];
const ALICE = 'user:default/alice';

describe('settings', () => {
  let plugin: TestPlugin;
  let root: string;
  let decide: (permission: string) => PolicyDecision;
  const audit = jest.fn();

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'millrace-roots-'));
    await mkdir(path.join(root, 'allowed', 'inbox'), { recursive: true });
    await mkdir(path.join(root, 'secret'));
    await writeFile(path.join(root, 'allowed', 'file'), 'x');
    await symlink('../secret', path.join(root, 'allowed', 'door'));
    plugin = await startTestPlugin({
      pipelines: {
        root,
        folders: { roots: ['allowed'] },
        watches: {
          drop: {
            folder: 'allowed',
            rules: [{ glob: '*.never', pipeline: 'render' }],
          },
        },
      },
      definitions: {
        render: {
          command: COMMAND,
          owner: 'group:default/media',
          timeout: { minutes: 5 },
          concurrency: { limit: 2, key: '${{ parameters.site }}', perKey: 1 },
          outputFolderParameter: 'out',
          parameters: {
            type: 'object',
            properties: {
              site: { type: 'string', default: 'main' },
              frames: { type: 'integer', minimum: 1, maximum: 100 },
              out: { type: 'string' },
            },
          },
        },
        plain: { command: COMMAND },
      },
      decide: (_, { name }) => decide(name),
      features: [
        createServiceFactory({
          service: coreServices.auditor,
          deps: {},
          factory: () => ({
            createEvent: async event => {
              audit(event);
              return { success: async () => {}, fail: async () => {} };
            },
          }),
        }),
      ],
    });
  });
  afterAll(async () => {
    await plugin?.stop();
    await rm(root, { recursive: true, force: true });
  });

  beforeEach(async () => {
    decide = () => ({ result: AuthorizeResult.ALLOW });
    audit.mockClear();
  });
  afterEach(async () => {
    await plugin.database.knex('settings_revisions').delete();
  });

  const PIPELINE = '/pipelines/render/settings';
  const call = (
    method: 'get' | 'put' | 'post',
    url: string,
    body?: object,
    user = ALICE,
  ) =>
    request(plugin.server)
      [method](`/api/pipelines${url}`)
      .set('Authorization', mockCredentials.user.header(user))
      .send(body);
  const save = (patch: object, baseRevision = 0, url = PIPELINE) =>
    call('put', url, { patch, baseRevision });
  const onlyRead = (permission: string): PolicyDecision => ({
    result: permission.endsWith('.read')
      ? AuthorizeResult.ALLOW
      : AuthorizeResult.DENY,
  });
  const configures = (owner: string) => (): PolicyDecision => ({
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'pipelines',
    resourceType: 'pipeline',
    conditions: {
      rule: 'IS_OWNER',
      resourceType: 'pipeline',
      params: { ownerRefs: [owner] },
    },
  });

  it('shows what is configured before anything was edited', async () => {
    const { body, status } = await call('get', PIPELINE);
    expect(status).toBe(200);
    expect(SettingsSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      revision: 0,
      patch: {},
      configured: {
        concurrency: { limit: 2, perKey: 1 },
        timeoutSeconds: 300,
        stopGraceSeconds: 10,
        parameterDefaults: { site: 'main' },
        retention: {},
      },
    });
    expect(body.effective).toEqual(body.configured);
    expect(JSON.stringify(body)).not.toContain(process.execPath);
  });

  it('saves a patch that holds at once, in the portal and in the next run', async () => {
    const { body, status } = await save({
      concurrency: { limit: 3 },
      timeoutSeconds: null,
      parameterDefaults: { frames: 24 },
      outputFolder: path.join(root, 'allowed', 'inbox'),
      titleTemplate:
        'Render ${{ parameters.frames }} of ${{ parameters.site }}',
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        revision: 1,
        author: ALICE,
        effective: { concurrency: { limit: 3, perKey: 1 } },
      },
    });
    expect(body.effective).not.toHaveProperty('timeoutSeconds');
    expect(body.configured.timeoutSeconds).toBe(300);

    const pipeline = await call('get', '/pipelines/render');
    expect(pipeline.body).toMatchObject({
      settingsRevision: 1,
      concurrency: { limit: 3, perKey: 1 },
      parameters: { properties: { frames: { default: 24 } } },
    });
    const run = await call('post', '/runs', { pipelineId: 'render' });
    const { body: detail } = await call('get', `/runs/${run.body.id}`);
    expect(detail).toMatchObject({
      title: 'Render 24 of main',
      parameters: {
        site: 'main',
        frames: 24,
        out: path.join(root, 'allowed/inbox'),
      },
    });
  });

  it('saves nothing that it only checks', async () => {
    const { body } = await call('put', PIPELINE, {
      patch: { timeoutSeconds: 60 },
      baseRevision: 0,
      dryRun: true,
    });
    expect(body).toMatchObject({
      revision: 0,
      patch: { timeoutSeconds: 60 },
      effective: { timeoutSeconds: 60 },
    });
    expect((await call('get', PIPELINE)).body.revision).toBe(0);
    const late = await call('put', PIPELINE, {
      patch: {},
      baseRevision: 4,
      dryRun: true,
    });
    expect(late.status).toBe(409);
  });

  it('lets one of twenty who save at once through, and tells the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        save({ timeoutSeconds: 100 + index }),
      ),
    );
    const winners = answers.filter(({ status }) => status === 200);
    const losers = answers.filter(({ status }) => status === 409);
    expect([winners.length, losers.length]).toEqual([1, 19]);
    expect(losers[0].body.error).toMatchObject({
      name: 'ConflictError',
      message: `Revision 1 was saved by '${ALICE}' since revision 0, which you edited; read the settings again and decide what is to hold`,
    });
    const { body } = await call('get', PIPELINE);
    expect(body.patch).toEqual(winners[0].body.patch);
    const rows = await plugin.database.knex('settings_revisions').select();
    expect(rows).toHaveLength(1);
  });

  it('refuses a revision that never was', async () => {
    for (const baseRevision of [1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      const { status, body } = await save({}, baseRevision);
      expect(status).toBe(409);
      expect(body.error.message).toBe(
        `There is no revision ${baseRevision}; the newest is 0`,
      );
    }
  });

  it.each([
    [{ command: ['sh', '-c', 'id'] }, 'command'],
    [{ env: ['PATH'] }, 'env'],
    [{ secrets: ['TOKEN'] }, 'secrets'],
    [{ cwd: '/' }, 'cwd'],
    [{ options: {} }, 'options'],
    [{ concurrency: { key: 'x' } }, 'key'],
    [{ schedule: { command: 'x' } }, 'command'],
    [{ retry: { exitCodes: [1] } }, 'exitCodes'],
    [{ parameters: {} }, 'parameters'],
  ])('refuses %j, which nobody can set here', async (patch, key) => {
    const { status, body } = await save(patch);
    expect(status).toBe(400);
    expect(body.error.message).toContain(`Unrecognized key: "${key}"`);
  });

  it.each([
    [{ timeoutSeconds: 0 }, 'patch.timeoutSeconds'],
    [{ timeoutSeconds: 1e9 }, 'patch.timeoutSeconds'],
    [{ concurrency: { limit: 10_001 } }, 'patch.concurrency.limit'],
    [{ schedule: { cron: '99 * * * *' } }, "schedule.cron: '99 * * * *' is no"],
    [
      { schedule: { cron: '0 6 * * *', timezone: 'Mars/Olympus' } },
      "schedule.timezone: there is no time zone 'Mars/Olympus'",
    ],
    [{ schedule: { enabled: true } }, 'schedule: the configuration has no'],
    [
      { titleTemplate: '${{ parameters.nope }}' },
      "titleTemplate: there is no parameter 'nope'",
    ],
    [
      { parameterDefaults: { nope: 1 } },
      'parameterDefaults.nope: there is no such parameter',
    ],
    [
      { parameterDefaults: { frames: 101 } },
      "parameterDefaults.frames: 'frames' must be <= 100",
    ],
    [
      { parameterDefaults: { out: '/etc' } },
      'parameterDefaults.out: is the output folder; set outputFolder instead',
    ],
    [
      { retention: { logDays: 31 } },
      'retention.logDays: is longer than the 30 days that the portal keeps them',
    ],
    [{ parameterDefaults: { site: 'a\u0000b' } }, 'NUL character'],
  ])('refuses %j and names field and rule', async (patch, message) => {
    const { status, body } = await save(patch);
    expect({ status, message: body.error.message }).toEqual({
      status: 400,
      message: expect.stringContaining(message),
    });
    expect((await call('get', PIPELINE)).body.revision).toBe(0);
  });

  it('names every field that is wrong, each in its line', async () => {
    const { body } = await save({
      schedule: { cron: 'never' },
      titleTemplate: '${{ run.id }}',
      parameterDefaults: { nope: 1 },
    });
    const lines = body.error.message.split('\n');
    expect(lines).toHaveLength(3);
  });

  it.each([
    ['/etc', 'is not inside one of the folders'],
    ['allowed/../secret', "may not contain '..'"],
    ['allowed\u0000', 'NUL character'],
    ['allowed/door', 'a link that leads out'],
    ['allowed/file', 'is no folder'],
    ['allowed/nothing', 'there is no such folder'],
    ['', 'Too small'],
  ])('refuses to watch or write to %j', async (folder, message) => {
    const answers = [
      await save({ watches: { drop: { folder } } }, 0, '/settings'),
      await save({ outputFolder: folder }),
    ];
    for (const { status, body } of answers) {
      expect({ status, message: body.error.message }).toEqual({
        status: 400,
        message: expect.stringContaining(message),
      });
    }
  });

  it('edits the portal, and only watches that there are', async () => {
    const { status, body } = await save(
      {
        concurrency: 7,
        slots: 3,
        watches: { drop: { folder: 'allowed/inbox', enabled: false } },
        retention: { runDays: 100 },
      },
      0,
      '/settings',
    );
    expect(status).toBe(200);
    expect(SettingsSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      revision: 1,
      configured: {
        slots: 2,
        watches: { drop: { folder: 'allowed', enabled: true } },
        retention: { runDays: 400, logDays: 30 },
      },
      effective: {
        concurrency: 7,
        slots: 3,
        watches: {
          drop: { folder: 'allowed/inbox', enabled: false, stableSeconds: 10 },
        },
        retention: { runDays: 100, logDays: 30 },
      },
    });
    const unknown = await save({ watches: { nope: {} } }, 1, '/settings');
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.message).toContain(
      'watches.nope: the configuration has no such watch',
    );
  });

  it('offers forms only what can be set', async () => {
    const { body: render } = await call('get', PIPELINE);
    expect(Object.keys(render.schema.properties)).toEqual([
      'concurrency',
      'schedule',
      'timeoutSeconds',
      'queueTimeoutSeconds',
      'noOutputTimeoutSeconds',
      'stopGraceSeconds',
      'retry',
      'retention',
      'outputFolder',
      'parameterDefaults',
      'titleTemplate',
    ]);
    expect(render.schema.properties.timeoutSeconds).toMatchObject({
      title: 'Timeout',
      description: 'How long an attempt may execute.',
      'x-unit': 'seconds',
    });
    const { properties, additionalProperties } =
      render.schema.properties.parameterDefaults;
    expect(Object.keys(properties)).toEqual(['site', 'frames']);
    expect(additionalProperties).toBe(false);

    const { body: plain } = await call('get', '/pipelines/plain/settings');
    expect(plain.schema.properties).not.toHaveProperty('outputFolder');
    expect(plain.schema.properties).not.toHaveProperty('parameterDefaults');
    expect(JSON.stringify(plain.schema)).not.toContain('perKey');

    const { body: portal } = await call('get', '/settings');
    expect(Object.keys(portal.schema.properties.watches.properties)).toEqual([
      'drop',
    ]);
  });

  it('keeps every revision with its author and note, and brings one back', async () => {
    await save({ timeoutSeconds: 60, schedule: { cron: '0 6 * * *' } });
    await call(
      'put',
      PIPELINE,
      { patch: { timeoutSeconds: 90 }, baseRevision: 1, note: 'too short' },
      'user:default/bob',
    );
    const restored = await call('post', `${PIPELINE}/revisions/1/restore`, {
      baseRevision: 2,
    });
    expect(restored.body).toMatchObject({
      revision: 3,
      patch: { timeoutSeconds: 60, schedule: { cron: '0 6 * * *' } },
    });

    const first = await call('get', `${PIPELINE}/revisions?limit=2`);
    expect(ListRevisionsResponseSchema.parse(first.body)).toEqual(first.body);
    expect(first.body.items).toMatchObject([
      {
        revision: 3,
        author: ALICE,
        restored: 1,
        changed: ['schedule.cron', 'timeoutSeconds'],
      },
      {
        revision: 2,
        author: 'user:default/bob',
        note: 'too short',
        changed: ['schedule.cron', 'timeoutSeconds'],
      },
    ]);
    const second = await call(
      'get',
      `${PIPELINE}/revisions?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(second.body).toMatchObject({
      items: [{ revision: 1, changed: ['schedule.cron', 'timeoutSeconds'] }],
    });
    expect(second.body.nextCursor).toBeUndefined();
  });

  it('brings back neither what never was nor what somebody has overtaken', async () => {
    await save({ timeoutSeconds: 60 });
    const restore = (revision: string, baseRevision: number) =>
      call('post', `${PIPELINE}/revisions/${revision}/restore`, {
        baseRevision,
      });
    expect((await restore('2', 1)).status).toBe(404);
    expect((await restore('x', 1)).status).toBe(400);
    expect((await restore('99999999999', 1)).status).toBe(400);
    expect((await restore('1', 0)).status).toBe(409);
  });

  it('brings back nothing that no longer fits', async () => {
    await plugin.database.knex('settings_revisions').insert({
      scope: 'pipeline:render',
      revision: 1,
      patch: JSON.stringify({ parameterDefaults: { gone: 1 } }),
      author: ALICE,
    });
    const { body: shown } = await call('get', PIPELINE);
    expect(shown.problems).toEqual([
      'parameterDefaults.gone: there is no such parameter',
    ]);
    const { status, body } = await call(
      'post',
      `${PIPELINE}/revisions/1/restore`,
      { baseRevision: 1 },
    );
    expect(status).toBe(400);
    expect(body.error.message).toBe(
      'parameterDefaults.gone: there is no such parameter',
    );
  });

  it('tells the auditor of each save, as critical', async () => {
    await save({ timeoutSeconds: 60 });
    expect(audit).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'settings',
        severityLevel: 'critical',
        meta: { actionType: 'save', pipelineId: 'render', baseRevision: 0 },
      }),
    );
  });

  it('lets nobody write who may only read', async () => {
    decide = onlyRead;
    expect((await call('get', PIPELINE)).status).toBe(200);
    expect((await call('get', `${PIPELINE}/revisions`)).status).toBe(200);
    expect((await save({})).status).toBe(403);
    expect(
      (
        await call('post', `${PIPELINE}/revisions/1/restore`, {
          baseRevision: 0,
        })
      ).status,
    ).toBe(403);
    expect((await call('get', '/settings')).status).toBe(403);
    expect((await save({}, 0, '/settings')).status).toBe(403);
    expect(await plugin.database.knex('settings_revisions').select()).toEqual(
      [],
    );
  });

  it('lets a team edit its own pipelines, and only read those of the portal', async () => {
    decide = configures('group:default/media');
    expect((await save({ timeoutSeconds: 60 })).status).toBe(200);
    expect((await save({}, 0, '/pipelines/plain/settings')).status).toBe(404);
    expect((await call('get', '/settings')).status).toBe(200);
    const { status, body } = await save({ slots: 1 }, 0, '/settings');
    expect(status).toBe(403);
    expect(body.error.message).toBe(
      'The settings of the portal hold for every pipeline, and you may configure only some',
    );
    decide = configures('group:default/other');
    expect((await call('get', '/settings')).status).toBe(403);
    expect((await call('get', PIPELINE)).status).toBe(404);
  });

  it('knows no settings of a pipeline that is not configured', async () => {
    for (const id of ['nope', 'bulk-actions', '..%2fsettings', '%00']) {
      const { status } = await call('get', `/pipelines/${id}/settings`);
      expect({ id, status }).toEqual({ id, status: 404 });
    }
  });
});

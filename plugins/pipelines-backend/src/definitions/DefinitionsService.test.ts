import { mockServices } from '@backstage/backend-test-utils';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  completePipeline,
  TestDatabase,
  waitFor,
  type TestPipeline,
} from '../__testUtils__';
import { DatabaseLiveService } from '../live';
import { AllowedFolders } from './AllowedFolders';
import { DefinitionsService } from './DefinitionsService';
import { resolveWatchFolder } from './portalSettings';

jest.setTimeout(30_000);

describe('DefinitionsService', () => {
  let database: TestDatabase;
  const hooks: (() => unknown)[] = [];
  const lifecycle = {
    addShutdownHook: (hook: () => unknown) => {
      hooks.push(hook);
    },
  };

  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterEach(async () => {
    await Promise.all(hooks.splice(0).map(hook => hook()));
    await database.knex('settings_revisions').delete();
  });
  afterAll(() => database.drop());

  const logger = () => ({ ...mockServices.logger.mock(), warn: jest.fn() });

  const create = (
    pipelines: TestPipeline[],
    options: { logger?: ReturnType<typeof logger> } = {},
  ) =>
    DefinitionsService.create({
      knex: database.knex,
      definitions: pipelines.map(completePipeline),
      ...options,
    });

  async function save(scope: string, revision: number, patch: object) {
    await database.knex('settings_revisions').insert({
      scope,
      revision,
      patch: JSON.stringify(patch),
      author: 'user:default/alice',
    });
  }

  it('serves the newest settings over the configuration from the start', async () => {
    await save('pipeline:render', 1, { timeoutSeconds: 1 });
    await save('pipeline:render', 2, { timeoutSeconds: 2 });
    await save('portal', 1, { slots: 5, concurrency: 9 });
    const definitions = await create([{ id: 'render' }, { id: 'plain' }]);

    expect(definitions.get('render')).toMatchObject({
      timeoutMs: 2_000,
      settingsRevision: 2,
    });
    expect(definitions.get('plain').settingsRevision).toBe(0);
    expect(definitions.findConfigured('render')?.timeoutMs).toBeUndefined();
    expect(definitions.portalSettings()).toEqual({
      revision: 1,
      slots: 5,
      concurrency: 9,
      watches: {},
      retention: { runDays: 400, logDays: 30 },
    });
  });

  it('checks parameters with the defaults that hold now', async () => {
    const parameters = {
      type: 'object',
      required: ['n'],
      properties: { n: { type: 'integer' } },
    };
    const definitions = await create([{ id: 'render', parameters }]);
    expect(() => definitions.validateParameters('render', {})).toThrow(
      "'n' is missing",
    );
    await save('pipeline:render', 1, { parameterDefaults: { n: 3 } });
    await definitions.reload();
    expect(definitions.validateParameters('render', {})).toEqual({ n: 3 });
  });

  it('hears at once of what another process saves', async () => {
    const live = DatabaseLiveService.create({
      knex: database.knex,
      logger: logger(),
      lifecycle,
    });
    const definitions = await create([{ id: 'render' }]);
    definitions.follow({ live, lifecycle, intervalMs: 1_000_000 });
    await waitFor('the connection', () => live.connected);
    const heard = jest.fn();
    const unsubscribe = definitions.subscribe(heard);

    await save('pipeline:render', 1, { timeoutSeconds: 7 });
    await waitFor('the settings', () => heard.mock.calls.length === 1);
    expect(definitions.get('render').timeoutMs).toBe(7_000);

    unsubscribe();
    await save('pipeline:render', 2, {});
    await waitFor(
      'the next settings',
      () => definitions.get('render').settingsRevision === 2,
    );
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('finds out by itself where messages do not arrive', async () => {
    const definitions = await create([{ id: 'render' }]);
    definitions.follow({
      live: { subscribe: () => () => {}, grown: () => {}, connected: false },
      lifecycle,
      intervalMs: 20,
    });
    await save('pipeline:render', 1, { timeoutSeconds: 7 });
    await waitFor(
      'the settings',
      () => definitions.get('render').settingsRevision === 1,
    );
    expect(definitions.get('render').timeoutMs).toBe(7_000);
  });

  it('holds what was saved before a reload was asked for, however many ask', async () => {
    const definitions = await create([{ id: 'render' }]);
    for (let revision = 1; revision <= 10; revision++) {
      const others = [definitions.reload(), definitions.reload()];
      await save('pipeline:render', revision, {});
      await definitions.reload();
      expect(definitions.get('render').settingsRevision).toBe(revision);
      await Promise.all(others);
      expect(definitions.get('render').settingsRevision).toBe(revision);
    }
  });

  it('tells nobody when nothing has changed, and everybody when one fails', async () => {
    const warner = { ...logger(), error: jest.fn() };
    const definitions = await create([{ id: 'render' }], { logger: warner });
    const heard = jest.fn();
    definitions.subscribe(() => {
      throw new Error('broken listener');
    });
    definitions.subscribe(heard);

    await definitions.reload();
    expect(heard).not.toHaveBeenCalled();
    await save('portal', 1, { slots: 1 });
    await definitions.reload();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(warner.error).toHaveBeenCalledTimes(1);
  });

  it('keeps the last settings while the database cannot be asked', async () => {
    await save('pipeline:render', 1, { timeoutSeconds: 7 });
    const definitions = await create([{ id: 'render' }]);
    await database.knex.schema.renameTable('settings_revisions', 'elsewhere');
    await expect(definitions.reload()).rejects.toThrow('settings_revisions');
    await database.knex.schema.renameTable('elsewhere', 'settings_revisions');
    expect(definitions.get('render').timeoutMs).toBe(7_000);
    await save('pipeline:render', 2, {});
    await definitions.reload();
    expect(definitions.get('render').settingsRevision).toBe(2);
  });

  it('warns once of settings that do not fit the configuration any more, and starts', async () => {
    const warner = logger();
    await save('pipeline:render', 1, {
      parameterDefaults: { gone: 1 },
      timeoutSeconds: 7,
    });
    await save('pipeline:removed', 1, { timeoutSeconds: 7 });
    await save('portal', 1, { watches: { gone: { enabled: false } } });
    const parameters = { type: 'object', properties: {} };
    const definitions = await create([{ id: 'render', parameters }], {
      logger: warner,
    });

    expect(definitions.get('render')).toMatchObject({
      timeoutMs: 7_000,
      parameters,
    });
    expect(definitions.find('removed')).toBeUndefined();
    expect(warner.warn.mock.calls.flat()).toEqual([
      expect.stringContaining('parameterDefaults.gone: there is no such'),
      expect.stringContaining('watches.gone: the configuration has no such'),
    ]);
    await save('portal', 2, {});
    await definitions.reload();
    expect(warner.warn).toHaveBeenCalledTimes(2);
  });

  it('trusts the configured folder of a watch, and no edited one that has become a way out', async () => {
    const root = await realpath(
      await mkdtemp(path.join(tmpdir(), 'millrace-')),
    );
    try {
      for (const folder of ['in', 'allowed/a', 'out']) {
        await mkdir(path.join(root, folder), { recursive: true });
      }
      const definitions = await DefinitionsService.create({
        knex: database.knex,
        definitions: [],
        folders: new AllowedFolders([path.join(root, 'allowed')]),
        portal: {
          root,
          slots: 1,
          retention: { runDays: 1, logDays: 1 },
          watches: { drop: { enabled: true, folder: 'in', stableSeconds: 1 } },
        },
      });
      const resolve = () => resolveWatchFolder(definitions, 'drop');
      expect(await resolve()).toEqual({ path: path.join(root, 'in') });
      expect(await resolveWatchFolder(definitions, 'other')).toBeUndefined();

      await save('portal', 1, { watches: { drop: { folder: 'allowed/a' } } });
      await definitions.reload();
      expect(await resolve()).toEqual({ path: path.join(root, 'allowed/a') });

      await rm(path.join(root, 'allowed/a'), { recursive: true });
      await symlink('../out', path.join(root, 'allowed/a'));
      expect(await resolve()).toEqual({ problem: expect.any(String) });
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('has no settings for pipelines of our own', async () => {
    await save('pipeline:bulk', 1, { timeoutSeconds: 7 });
    const definitions = await create([{ id: 'bulk', internal: true }]);
    expect(definitions.get('bulk').timeoutMs).toBeUndefined();
  });
});

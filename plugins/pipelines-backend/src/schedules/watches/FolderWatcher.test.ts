import { mockServices } from '@backstage/backend-test-utils';
import type { WatchRule } from '@millrace/backstage-plugin-pipelines-common';
import {
  appendFile,
  chmod,
  link,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AllowedFolders, DefinitionsService } from '../../definitions';
import { RunsService, type RunRow } from '../../runs';
import type { RunSubmitter } from '../types';
import { DatabaseHoldersStore } from './DatabaseHoldersStore';
import { DatabaseWatchesStore } from './DatabaseWatchesStore';
import { FileStarter } from './FileStarter';
import { FolderWatcher } from './FolderWatcher';
import { WatchesService } from './WatchesService';
import { TestDatabase, waitFor } from '../../__testUtils__';
import { completePipeline } from '../../__testUtils__/createTestDefinitions';

const STABLE_SECONDS = 0.3;

// Each test talks to a real database and waits for files, which a busy machine may let wait.
jest.setTimeout(60_000);

describe('FolderWatcher', () => {
  let database: TestDatabase;
  let parent: string;
  let folder: string;
  const stops: (() => Promise<void>)[] = [];
  const logger = mockServices.logger.mock();

  beforeAll(async () => {
    database = await TestDatabase.create();
  }, 60_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    jest.clearAllMocks();
    await database.knex.raw(
      'truncate runs, run_keys, folder_watches, watched_files, settings_revisions cascade',
    );
    parent = await realpath(
      await mkdtemp(path.join(tmpdir(), 'millrace-watch-')),
    );
    folder = path.join(parent, 'inbox');
    await mkdir(folder);
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
    await rm(parent, { recursive: true, force: true });
  });

  const RULE: WatchRule = {
    glob: '**/*.txt',
    pipelineId: 'texts',
    parameters: {
      input: '${{ file.path }}',
      output: '${{ file.folder }}/${{ file.stem }}.out',
      kind: '${{ file.extension }}',
    },
    deleteInput: false,
  };

  async function create(
    options: {
      rules?: WatchRule[];
      usePolling?: boolean;
      enabled?: boolean;
      host?: string;
      runs?: (real: RunsService) => RunSubmitter;
    } = {},
  ) {
    const { knex } = database;
    const definitions = await DefinitionsService.create({
      knex,
      definitions: [
        completePipeline({ id: 'texts' }),
        completePipeline({
          id: 'needy',
          parameters: {
            type: 'object',
            required: ['nope'],
            properties: { nope: { type: 'string' } },
          },
        }),
      ],
      portal: {
        root: parent,
        slots: 2,
        retention: { runDays: 400, logDays: 30 },
        watches: {
          inbox: {
            folder: 'inbox',
            enabled: options.enabled ?? true,
            stableSeconds: STABLE_SECONDS,
          },
        },
      },
      folders: new AllowedFolders([path.join(parent, 'allowed')]),
    });
    const runs = new RunsService({ knex, definitions });
    const rules = options.rules ?? [RULE];
    const store = new DatabaseWatchesStore(knex);
    const holders = new DatabaseHoldersStore(knex);
    const { usePolling = false, host } = options;
    const watcher = new FolderWatcher({
      watchId: 'inbox',
      usePolling,
      holders,
      store,
      starter: new FileStarter({
        knex,
        store,
        runs: options.runs?.(runs) ?? runs,
        logger,
        rules,
      }),
      definitions,
      logger,
      host,
      everyMs: [50, 100],
      hintDelayMs: 50,
    });
    const service = new WatchesService({
      store,
      holders,
      definitions,
      watches: new Map([['inbox', { usePolling, rules }]]),
    });
    return { watcher, service, definitions, store };
  }

  async function start(options: Parameters<typeof create>[0] = {}) {
    const created = await create(options);
    created.watcher.start();
    stops.push(() => created.watcher.stop());
    return created;
  }

  const write = async (name: string, content = 'x') => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const runs = (): Promise<RunRow[]> =>
    database.knex<RunRow>('runs').orderBy('id').select();
  const inputs = async () =>
    (await runs()).map(run =>
      path.relative(folder, String(run.parameters.input)),
    );
  const waitForRuns = async (count: number): Promise<RunRow[]> => {
    await waitFor(`${count} runs`, async () => (await runs()).length >= count, {
      timeoutMs: 20_000,
    });
    return runs();
  };
  const files = () => database.knex('watched_files').orderBy('seen_at');
  const waitForFile = (name: string, state: string) =>
    waitFor(
      `${name} to be ${state}`,
      async () =>
        (await files()).find(
          file => file.path === name && file.state === state,
        ),
      { timeoutMs: 20_000 },
    );
  /** Long enough for a run that should not be to be made. */
  const seeNothing = async (watcher: { seen: string }) => {
    await write(watcher.seen);
    await waitFor('the last file', async () =>
      (await inputs()).includes(watcher.seen),
    );
  };
  const problem = async (service: WatchesService) =>
    (await service.listOf('texts'))[0].problem;

  /** Ends runs as if they had been executed. */
  const finishRuns = (state: string) =>
    database.knex.raw(
      `alter table runs disable trigger user;
       update runs set state = '${state}', finished_at = now();
       alter table runs enable trigger user`,
    );

  it('starts a run for a file that has come, in the name of the watch, with what the rule says', async () => {
    const { service } = await start();
    const file = await write('in/a.b.txt', 'hello');
    const [run] = await waitForRuns(1);
    expect(run).toMatchObject({
      pipeline_id: 'texts',
      trigger: 'folder',
      submitted_by: 'folder:inbox',
      state: 'queued',
      parameters: {
        input: file,
        output: path.join(folder, 'in/a.b.out'),
        kind: 'txt',
      },
    });
    const [watch] = await service.listOf('texts');
    expect(watch).toMatchObject({
      id: 'inbox',
      folder: 'inbox',
      enabled: true,
      problem: undefined,
    });
    expect(watch.files).toEqual([
      {
        path: 'in/a.b.txt',
        bytes: 5,
        modifiedAt: (await stat(file)).mtime.toISOString(),
        state: 'submitted',
        runId: run.id,
        message: undefined,
        seenAt: expect.any(String),
      },
    ]);
  });

  it('waits until a file has stopped growing', async () => {
    await start();
    const file = await write('big.txt', '1');
    const grownFor = performance.now();
    while (performance.now() - grownFor < 4 * STABLE_SECONDS * 1_000) {
      await appendFile(file, 'more');
      await waitForFile('big.txt', 'growing');
      expect(await runs()).toEqual([]);
    }
    const { size } = await stat(file);
    await waitForRuns(1);
    expect(await waitForFile('big.txt', 'submitted')).toMatchObject({
      bytes: String(size),
    });
    expect(await files()).toHaveLength(1);
  });

  it('finds what came while nobody watched, and starts nothing twice after a restart', async () => {
    await write('early.txt');
    const first = await start();
    await waitForRuns(1);
    await first.watcher.stop();
    await write('later.txt');
    await start();
    await waitForRuns(2);
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual(['early.txt', 'later.txt', 'last.txt']);
  });

  it('starts a changed file again, and an unchanged one not when it comes back', async () => {
    await start();
    const file = await write('a.txt', 'one');
    await waitForRuns(1);
    await writeFile(file, 'another');
    await waitForRuns(2);
    const { atime, mtime } = await stat(file);
    await rename(file, path.join(parent, 'away'));
    await seeNothing({ seen: 'between.txt' });
    await rename(path.join(parent, 'away'), file);
    await utimes(file, atime, mtime);
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual([
      'a.txt',
      'a.txt',
      'between.txt',
      'last.txt',
    ]);
  });

  it('makes one run of each file when processes of several hosts watch it', async () => {
    for (let i = 0; i < 20; i++) {
      await write(`${i}.txt`);
    }
    await Promise.all(
      ['a', 'b', 'c'].map(host => start({ host, usePolling: host === 'c' })),
    );
    await waitForRuns(20);
    await write('last.txt');
    await waitFor('the last file', async () =>
      (await inputs()).includes('last.txt'),
    );
    expect((await inputs()).sort()).toEqual(
      [...Array(20).keys()]
        .map(i => `${i}.txt`)
        .concat('last.txt')
        .sort(),
    );
  });

  it('lets one process of a host watch, and another go on after it', async () => {
    const one = await start();
    await waitFor('the first', async () =>
      database.knex('folder_watches').first(),
    );
    await start();
    const holder = async () =>
      (await database.knex('folder_watches').first())?.holder;
    const first = await holder();
    await write('a.txt');
    await waitForRuns(1);
    expect(await holder()).toBe(first);
    await one.watcher.stop();
    await waitFor('the second', async () => {
      const now = await holder();
      return now && now !== first;
    });
    await write('b.txt');
    await waitForRuns(2);
  });

  it('takes the first rule that matches, and names files that none takes', async () => {
    await start({
      rules: [
        { ...RULE, glob: '*.special.txt', parameters: { rule: 1 } },
        { ...RULE, glob: '*.txt', parameters: { rule: 2 } },
        { ...RULE, glob: 'sub/*.txt', parameters: { rule: 3 } },
      ],
    });
    await write('a.special.txt');
    await write('b.txt');
    await write('sub/c.txt');
    await write('sub/d.bin');
    await write('.hidden.txt');
    await waitForFile('sub/d.bin', 'unmatched');
    await waitForFile('.hidden.txt', 'unmatched');
    const found = await waitForRuns(3);
    expect(found.map(run => run.parameters.rule).sort()).toEqual([1, 2, 3]);
  });

  it('records a file whose run is refused, and does not try it again until it changes', async () => {
    let submits = 0;
    const { service } = await start({
      rules: [
        { ...RULE, glob: 'bad*', pipelineId: 'needy', parameters: {} },
        RULE,
      ],
      runs: real => ({
        submitRun: (submit, transaction) => {
          submits += submit.request.pipelineId === 'needy' ? 1 : 0;
          return real.submitRun(submit, transaction);
        },
      }),
    });
    const file = await write('bad.txt');
    expect(await waitForFile('bad.txt', 'refused')).toMatchObject({
      pipeline_id: 'needy',
      message: expect.stringMatching(/'nope' is missing/),
      run_id: null,
    });
    await seeNothing({ seen: 'last.txt' });
    expect(submits).toBe(1);
    expect(
      (await service.listOf('texts'))[0].files.map(({ path: name }) => name),
    ).toEqual(['last.txt']);
    await writeFile(file, 'changed');
    await waitFor('another try', () => submits === 2);
  });

  it('tries again when the database fails in the middle', async () => {
    let failures = 2;
    await start({
      runs: real => ({
        submitRun: async (submit, transaction) => {
          if (failures > 0) {
            failures -= 1;
            throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
          }
          return real.submitRun(submit, transaction);
        },
      }),
    });
    await write('a.txt');
    await waitForRuns(1);
    expect(logger.warn).toHaveBeenCalledWith(expect.stringMatching(/gone/));
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual(['a.txt', 'last.txt']);
  });

  it('does not follow links out of the folder', async () => {
    const secret = path.join(parent, 'secret');
    await mkdir(secret);
    await writeFile(path.join(secret, 's.txt'), 'secret');
    await symlink(secret, path.join(folder, 'linked'));
    await symlink(path.join(secret, 's.txt'), path.join(folder, 'link.txt'));
    await symlink('/nowhere', path.join(folder, 'dangling.txt'));
    await start();
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual(['last.txt']);
    expect((await files()).map(file => file.path)).toEqual(['last.txt']);
  });

  it('refuses a file whose folder has become a link meanwhile', async () => {
    const secret = path.join(parent, 'secret');
    await mkdir(secret);
    const file = await write('sub/s.txt', 'same');
    await link(file, path.join(secret, 's.txt'));
    const { store } = await create();
    await rm(path.join(folder, 'sub'), { recursive: true });
    await symlink(secret, path.join(folder, 'sub'));
    const { size, mtime } = await stat(file);
    const starter = new FileStarter({
      knex: database.knex,
      store,
      runs: { submitRun: jest.fn() },
      logger,
      rules: [RULE],
    });
    expect(
      await starter.start(
        { watchId: 'inbox', folder: 'inbox', root: folder },
        { path: 'sub/s.txt', bytes: size, modifiedAt: mtime },
      ),
    ).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/leads out/),
    });
  });

  it('survives files that come and go at once', async () => {
    await start();
    for (let i = 0; i < 30; i++) {
      const file = await write(`gone/${i}.txt`);
      await rm(i % 3 === 0 ? path.dirname(file) : file, { recursive: true });
    }
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual(['last.txt']);
    await waitFor('growing files to be forgotten', async () =>
      (await files()).every(file => file.state === 'submitted'),
    );
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('names a file that it may not read, and starts it once it may', async () => {
    const file = await write('locked.txt');
    await chmod(file, 0o000);
    // Root may read everything, so for a while we are somebody else.
    const isRoot = process.geteuid?.() === 0;
    await chmod(parent, 0o755);
    const { service } = await create();
    if (isRoot) {
      process.seteuid!(65_534);
    }
    try {
      await start();
      await waitForFile('locked.txt', 'refused');
      expect(await waitFor('the problem', () => problem(service))).toMatch(
        /'locked.txt' cannot be read \(EACCES\)/,
      );
      expect(await runs()).toEqual([]);
    } finally {
      if (isRoot) {
        process.seteuid!(0);
      }
    }
    await chmod(file, 0o644);
    await waitForRuns(1);
    await waitFor('the problem to go', async () => !(await problem(service)));
  });

  it('names a folder that is not there, and goes on when it comes back', async () => {
    await write('a.txt');
    const { service } = await start();
    await waitForRuns(1);
    await rename(folder, path.join(parent, 'away'));
    // As after a restart, because the folder is looked at once a minute without a hint
    await stops.pop()!();
    await start();
    await waitFor(
      'the problem',
      async () => (await problem(service)) === 'There is no such folder',
    );
    await rename(path.join(parent, 'away'), folder);
    await waitFor('the problem to go', async () => !(await problem(service)));
    await write('b.txt');
    await waitForRuns(2);
    await seeNothing({ seen: 'last.txt' });
    expect(await inputs()).toEqual(['a.txt', 'b.txt', 'last.txt']);
  });

  it('notices that the folder goes while it is watched', async () => {
    const { service } = await start();
    await seeNothing({ seen: 'first.txt' });
    await rm(folder, { recursive: true });
    expect(await waitFor('the problem', () => problem(service))).toBe(
      'There is no such folder',
    );
    await mkdir(folder);
    await seeNothing({ seen: 'last.txt' });
  });

  it('says that something is no folder, and that nobody watches', async () => {
    const { service } = await create();
    expect(await problem(service)).toMatch(/No backend looks at this folder/);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'x');
    await start();
    await waitFor(
      'the problem',
      async () => (await problem(service)) === 'It is no folder',
    );
  });

  it('deletes the file after its run has succeeded, unless it has changed', async () => {
    const { service } = await start({
      rules: [{ ...RULE, deleteInput: true }],
    });
    const file = await write('a.txt');
    await waitForRuns(1);
    expect(await readFile(file, 'utf8')).toBe('x');
    await finishRuns('succeeded');
    await waitFor('the file to be deleted', () =>
      stat(file).then(
        () => false,
        error => error.code === 'ENOENT',
      ),
    );
    await waitFor('its record', () =>
      database
        .knex('run_events')
        .where({ name: 'input-deleted', actor: 'folder:inbox' })
        .first(),
    );

    const changed = await write('b.txt', 'first');
    await waitForRuns(2);
    // Held up, so that the changed file is not yet another run
    await rename(changed, path.join(parent, 'aside'));
    await writeFile(path.join(parent, 'aside'), 'changed');
    await rename(path.join(parent, 'aside'), changed);
    await finishRuns('succeeded');
    await waitFor('the file to be settled', async () =>
      (
        await service.listOf('texts')
      )[0].files.some(({ message }) => message?.includes('has changed')),
    );
    expect(await readFile(changed, 'utf8')).toBe('changed');
  });

  it('keeps the file of a run that failed', async () => {
    await start({ rules: [{ ...RULE, deleteInput: true }] });
    const file = await write('a.txt');
    await waitForRuns(1);
    await finishRuns('failed');
    await waitFor('the file to be settled', async () =>
      (await files()).every(row => !row.delete_input),
    );
    expect(await readFile(file, 'utf8')).toBe('x');
  });

  it('does as the settings say, at once', async () => {
    const { definitions } = await start({ enabled: false });
    const allowed = path.join(parent, 'allowed', 'other');
    await mkdir(allowed, { recursive: true });
    await writeFile(path.join(allowed, 'there.txt'), 'x');
    await write('here.txt');
    const save = async (revision: number, watch: object) => {
      await database.knex('settings_revisions').insert({
        scope: 'portal',
        revision,
        patch: JSON.stringify({ watches: { inbox: watch } }),
        author: 'user:default/alice',
      });
      await definitions.reload();
    };
    await save(1, { enabled: true, folder: allowed, stableSeconds: 1 });
    await waitForRuns(1);
    expect((await runs())[0].parameters.input).toBe(
      path.join(allowed, 'there.txt'),
    );
    await save(2, { enabled: true });
    await waitForRuns(2);
    expect((await runs())[1].parameters.input).toBe(
      path.join(folder, 'here.txt'),
    );
    await save(3, { enabled: false });
    await waitFor(
      'nobody to watch',
      async () => !(await database.knex('folder_watches').first()),
    );
  });

  it('watches no folder of the settings that leads out of the allowed ones', async () => {
    const { definitions, service } = await start({ enabled: false });
    const allowed = path.join(parent, 'allowed');
    await mkdir(allowed);
    await mkdir(path.join(parent, 'outside'));
    await symlink(path.join(parent, 'outside'), path.join(allowed, 'link'));
    await writeFile(path.join(parent, 'outside', 'a.txt'), 'x');
    await database.knex('settings_revisions').insert({
      scope: 'portal',
      revision: 1,
      patch: JSON.stringify({
        watches: {
          inbox: { enabled: true, folder: path.join(allowed, 'link') },
        },
      }),
      author: 'user:default/alice',
    });
    await definitions.reload();
    await waitFor('the problem', async () =>
      (await problem(service))?.includes('leads out of the allowed'),
    );
    expect(await runs()).toEqual([]);
  });

  it('forgets old versions of files that are gone', async () => {
    const first = await start();
    await write('there.txt');
    await write('gone.txt');
    await waitForRuns(2);
    await first.watcher.stop();
    await rm(path.join(folder, 'gone.txt'));
    await database.knex('watched_files').update({
      seen_at: database.knex.raw(`now() - interval '31 days'`),
    });
    await start();
    await waitFor('one to be forgotten', async () =>
      (await files()).every(file => file.path === 'there.txt'),
    );
    await seeNothing({ seen: 'last.txt' });
    expect(await runs()).toHaveLength(3);
  });
});

import { mockServices } from '@backstage/backend-test-utils';
import {
  mkdtemp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { TEST_PIPELINE, TestRun } from '../__testUtils__/TestRun';
import { ArtifactsService, ArtifactStores, LocalArtifactStore } from './index';

describe('ArtifactsService.materialize', () => {
  const { signal } = new AbortController();
  let database: TestDatabase;
  let root: string;
  let artifacts: ArtifactsService;
  let target: string;

  beforeAll(async () => {
    database = await TestDatabase.create();
    await createTestDefinitions(database.knex, [{ id: TEST_PIPELINE }]);
    root = await mkdtemp(path.join(tmpdir(), 'millrace-materialize-'));
    target = path.join(root, 'target');
    const stores = new ArtifactStores();
    const folder = path.join(root, 'store');
    stores.addArtifactStore(await LocalArtifactStore.create({ folder }));
    stores.use('local');
    artifacts = new ArtifactsService({
      knex: database.knex,
      stores,
      logger: mockServices.logger.mock(),
      maxBytes: 1_000_000,
      folderOf: ({ runId }) => path.join(root, runId),
    });
  });
  afterAll(async () => {
    await database.drop();
    await rm(root, { recursive: true, force: true });
  });

  /** A run with artifacts that contain `<name> of <mark>`. */
  async function runWith(mark: string, names: string[]): Promise<TestRun> {
    const run = await TestRun.create(database.knex);
    await mkdir(path.join(root, run.id));
    for (const name of names) {
      const file = path.join(root, run.id, 'file');
      await writeFile(file, `${name} of ${mark}`);
      await artifacts.store(run.lease, { path: file, name });
    }
    return run;
  }

  async function found(): Promise<Record<string, string>> {
    const entries = await readdir(target, {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name));
    return Object.fromEntries(
      await Promise.all(
        files.map(async file => [
          path.relative(target, file),
          await readFile(file, 'utf8'),
        ]),
      ),
    );
  }

  it('writes each artifact under its name, for reading only, into an empty folder', async () => {
    const run = await runWith('a', ['film.mp4', 'parts/one.txt']);
    await mkdir(target);
    await writeFile(path.join(target, 'leftover'), 'of another try');
    await artifacts.materialize(run.id, target, { signal });

    expect(await found()).toEqual({
      'film.mp4': 'film.mp4 of a',
      'parts/one.txt': 'parts/one.txt of a',
    });
    const { mode } = await stat(path.join(target, 'film.mp4'));
    expect(mode & 0o777).toBe(0o400);
  });

  it('stays inside of the folder whatever the names are', async () => {
    const names = ['../up', '..', '/etc/x', 'a', 'a/b', 'c//d', './e', '..f'];
    const run = await runWith('b', names);
    await artifacts.materialize(run.id, target, { signal });

    expect(await found()).toEqual({
      '%2E%2E%2Fup': '../up of b',
      '%2E%2E': '.. of b',
      '%2Fetc%2Fx': '/etc/x of b',
      a: 'a of b',
      'a%2Fb': 'a/b of b',
      'c%2F%2Fd': 'c//d of b',
      '%2E%2Fe': './e of b',
      '..f': '..f of b',
    });
  });

  it('takes what a run had begun from itself, and the newer where there are two', async () => {
    const link = (run: TestRun, from: TestRun, step: string | null) =>
      database
        .knex('runs')
        .where({ id: run.id })
        .update({ retry_of: from.id, resume_from: step });
    const first = await runWith('first', ['download', 'transcript']);
    const second = await runWith('second', ['transcript']);
    const third = await runWith('third', ['analysis']);
    await link(second, first, 'transcript');
    await link(third, second, 'analyse');
    await artifacts.materialize(third.id, target, { signal });
    expect(await found()).toEqual({
      download: 'download of first',
      transcript: 'transcript of second',
      analysis: 'analysis of third',
    });

    await link(second, first, null);
    await artifacts.materialize(third.id, target, { signal });
    expect(Object.keys(await found()).sort()).toEqual([
      'analysis',
      'transcript',
    ]);
  });

  it('says which artifact is gone', async () => {
    const run = await runWith('c', ['film.mp4']);
    await rm(path.join(root, 'store'), { recursive: true });
    await expect(
      artifacts.materialize(run.id, target, { signal }),
    ).rejects.toThrow(`The file of artifact 'film.mp4' was removed`);
  });
});

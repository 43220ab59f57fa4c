import { mockServices } from '@backstage/backend-test-utils';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuid } from 'uuid';
import { AttemptFolder, cleanUp } from '../../engines';
import { RunsService } from '../../runs';
import { createTestDefinitions, TestDatabase } from '../../__testUtils__';
import { RemoveFoldersTask } from './RemoveFoldersTask';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('RemoveFoldersTask', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let workRoot: string;
  let task: RemoveFoldersTask;

  beforeAll(async () => {
    database = await TestDatabase.create();
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'p' },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    workRoot = await mkdtemp(path.join(tmpdir(), 'millrace-folders-'));
    task = new RemoveFoldersTask({
      listFolders: () => AttemptFolder.list(workRoot),
      listEnded: (attempts, before) => runs.listEndedAttempts(attempts, before),
      removeFolder: attempt => cleanUp(workRoot, attempt),
      logger: mockServices.logger.mock(),
    });
  });
  afterAll(async () => {
    await database.drop();
    await rm(workRoot, { recursive: true, force: true });
  });

  /** The folder of an attempt that ended some minutes ago, or goes on. */
  async function makeFolder(endedMinutesAgo?: number) {
    const runId = uuid();
    await database.knex('runs').insert({
      id: runId,
      pipeline_id: 'p',
      trigger: 'manual',
      state: 'queued',
      title: 't',
      submitted_by: 'x',
    });
    await database.knex('run_attempts').insert({
      run_id: runId,
      attempt: 1,
      worker_id: 'w',
      host: 'h',
      boot_id: 'b',
      lease_token: endedMinutesAgo === undefined ? uuid() : null,
      finished_at:
        endedMinutesAgo === undefined
          ? null
          : new Date(Date.now() - endedMinutesAgo * 60_000),
    });
    const attempt = { runId, attempt: 1, parameters: {} };
    return (await AttemptFolder.create(workRoot, attempt)).path;
  }

  it('has nothing to do where no attempt ever was', async () => {
    await task.run();
    expect(await AttemptFolder.list(workRoot)).toEqual([]);
  });

  it('removes the folders of attempts that are over for a while, and no others', async () => {
    const over = await makeFolder(90);
    const justOver = await makeFolder(10);
    const active = await makeFolder();
    const unknown = AttemptFolder.of(workRoot, { runId: uuid(), attempt: 1 });
    const foreign = path.join(workRoot, 'attempts', 'keep.me');
    await mkdir(unknown.path);
    await mkdir(foreign);
    await task.run();

    expect(existsSync(over)).toBe(false);
    for (const kept of [justOver, active, unknown.path, foreign]) {
      expect({ kept, there: existsSync(kept) }).toEqual({ kept, there: true });
    }
  });
});

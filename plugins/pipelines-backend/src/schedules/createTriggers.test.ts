import {
  mkdir,
  mkdtemp,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitFor } from '../__testUtils__';
import {
  startTestPlugin,
  type TestPlugin,
} from '../__testUtils__/startTestPlugin';

/** Copies a file, and says how large it was. */
const COPY = `
  const fs = require('node:fs');
  const { input, output } = JSON.parse(fs.readFileSync(process.env.MILLRACE_PARAMS_FILE, 'utf8'));
  fs.copyFileSync(input, output);
`;

// A real worker executes real programs, which a busy machine may let wait.
jest.setTimeout(90_000);

describe('a portal with triggers', () => {
  let plugin: TestPlugin;
  let folder: string;

  beforeAll(async () => {
    folder = await realpath(
      await mkdtemp(path.join(tmpdir(), 'millrace-portal-')),
    );
    await mkdir(path.join(folder, 'in'));
    await mkdir(path.join(folder, 'out'));
    const parameters = {
      type: 'object',
      required: ['input'],
      properties: { input: { type: 'string' }, output: { type: 'string' } },
    };
    plugin = await startTestPlugin({
      definitions: {
        copy: { command: [process.execPath, '-e', COPY], parameters },
        check: {
          command: [process.execPath, '--version'],
          parameters,
          after: [
            {
              pipeline: 'copy',
              parameters: { input: '${{ run.parameters.output }}' },
            },
          ],
        },
      },
      worker: { enabled: true, slots: 1 },
      pipelines: {
        watches: {
          inbox: {
            folder: path.join(folder, 'in'),
            stable: { milliseconds: 300 },
            rules: [
              {
                glob: '*.txt',
                pipeline: 'copy',
                parameters: {
                  input: '${{ file.path }}',
                  output: `${folder}/out/\${{ file.stem }}.bak`,
                },
                deleteInput: true,
              },
            ],
          },
        },
      },
    });
  }, 120_000);
  afterAll(async () => {
    await plugin?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('turns a file that comes into a run, that into another, and takes the file away', async () => {
    const input = path.join(folder, 'in', 'a.txt');
    await writeFile(input, 'hello');
    const output = path.join(folder, 'out', 'a.bak');
    const check = await waitFor(
      'the run that follows',
      () =>
        plugin.database
          .knex('runs')
          .where({ pipeline_id: 'check', state: 'succeeded' })
          .first(),
      { timeoutMs: 60_000 },
    );
    const copy = await plugin.database
      .knex('runs')
      .where({ pipeline_id: 'copy' })
      .first();
    expect(copy).toMatchObject({ state: 'succeeded', trigger: 'folder' });
    expect(check).toMatchObject({
      trigger: 'after',
      parameters: { input: output },
      labels: { 'caused-by': copy.id },
    });
    expect((await stat(output)).size).toBe(5);
    await waitFor(
      'the file to be deleted',
      () =>
        stat(input).then(
          () => false,
          error => error.code === 'ENOENT',
        ),
      { timeoutMs: 30_000 },
    );
  });
});

import { execFile } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PROGRAM = path.resolve(__dirname, '../clipPage.ts');
const CLIP = {
  source: '/data/inbox/harbour.mov',
  profile: 'preview',
  resolution: '640x360',
  duration: 12.04,
  size: 1_400_000,
  transcodedBy: 'run-1',
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'clip-page-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Starts the real program as the process engine does. */
async function start(parameters: unknown) {
  const file = path.join(home, 'params.json');
  writeFileSync(file, JSON.stringify(parameters));
  return await new Promise<{ code: number; stdout: string; stderr: string }>(
    resolve => {
      const child = execFile(
        process.execPath,
        [PROGRAM],
        {
          env: {
            PATH: process.env.PATH,
            MILLRACE_PARAMS_FILE: file,
            MILLRACE_ARTIFACTS_DIR: path.join(home, 'artifacts'),
          },
        },
        (_, stdout, stderr) =>
          resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    },
  );
}

describe('the page about a clip', () => {
  it('says what was made of what, and by which run', async () => {
    const { code, stdout } = await start(CLIP);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '::millrace::{"type":"artifact","path":"clip.md","name":"clip.md","mediaType":"text/markdown"}',
    );
    expect(stdout).toContain('12.0 s of 640x360 for preview, 1.4 MB');
    expect(
      readFileSync(path.join(home, 'artifacts/clip.md'), 'utf8').split('\n'),
    ).toEqual([
      '# harbour',
      '',
      '12.0 s of 640x360 for preview, 1.4 MB.',
      '',
      '- Made of: /data/inbox/harbour.mov',
      '- By the run: run-1',
      '',
    ]);
  });

  it('calls a clip without a source a test clip', async () => {
    const { source: _, ...clip } = CLIP;
    await start(clip);
    expect(readFileSync(path.join(home, 'artifacts/clip.md'), 'utf8')).toMatch(
      /^# a test clip\n/,
    );
  });

  it('refuses wrong parameters with one sentence, and writes nothing', async () => {
    const { code, stderr } = await start({ ...CLIP, duration: 'long' });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: The parameters are wrong: [^\n]*duration[^\n]*\n$/,
    );
    expect(readdirSync(home)).toEqual(['params.json']);
  });
});

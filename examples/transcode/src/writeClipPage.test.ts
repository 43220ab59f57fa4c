import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cleanUpPipelines, startPipeline } from './__testUtils__/startPipeline';

const CLIP = {
  source: '/data/inbox/harbour.mov',
  profile: 'preview',
  resolution: '640x360',
  duration: 12.04,
  size: 1_400_000,
  transcodedBy: 'run-1',
};

afterEach(cleanUpPipelines);

/** Executes the real program to its end. */
async function write(parameters: unknown) {
  const run = startPipeline({ program: 'clipPage.ts', parameters });
  return {
    code: await run.exitCode,
    messages: run.messages(),
    stderr: run.stderr(),
    page: path.join(run.folder, 'clip.md'),
  };
}

describe('the page about a clip', () => {
  it('says what was made of what, and by which run', async () => {
    const { code, messages, page } = await write(CLIP);
    expect(code).toBe(0);
    expect(messages).toEqual([
      {
        type: 'artifact',
        path: 'clip.md',
        name: 'clip.md',
        mediaType: 'text/markdown',
      },
      { type: 'summary', text: '12.0 s of 640x360 for preview, 1.4 MB' },
    ]);
    expect(readFileSync(page, 'utf8').split('\n')).toEqual([
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
    const { page } = await write(clip);
    expect(readFileSync(page, 'utf8')).toMatch(/^# a test clip\n/);
  });

  it('refuses wrong parameters with one sentence, and writes nothing', async () => {
    const { code, messages, stderr, page } = await write({
      ...CLIP,
      duration: 'long',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: The parameters are wrong: [^\n]*duration[^\n]*\n$/,
    );
    expect(messages).toEqual([]);
    expect(existsSync(page)).toBe(false);
  });
});

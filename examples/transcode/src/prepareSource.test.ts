import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeClip } from './__testUtils__/makeClip.ts';
import { prepareSource } from './prepareSource.ts';

const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'transcode-prepare-'));
  await makeClip(path.join(folder, 'Ünser Film.mp4'), {
    size: '160x120',
    seconds: 2,
  });
  await makeClip(path.join(folder, 'clip.mp4'), {
    size: '160x120',
    seconds: 1,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('prepareSource', () => {
  it('names the result after the input and the profile', async () => {
    const source = await prepareSource({
      parameters: {
        input: 'Ünser Film.mp4',
        profile: 'preview',
        durationSeconds: 60,
      },
      inputFolders: [folder],
      folder: os.tmpdir(),
      signal,
    });
    expect(source.videoName).toBe('nser_Film-preview.mp4');
    expect(source.durationSeconds).toBeCloseTo(2, 0);
  });

  it('refuses to replace its own input', async () => {
    await expect(
      prepareSource({
        parameters: {
          input: 'clip.mp4',
          outputName: 'clip',
          profile: 'preview',
          durationSeconds: 60,
        },
        inputFolders: [folder],
        folder,
        signal,
      }),
    ).rejects.toThrow("The result 'clip.mp4' would replace its own input");
  });
});

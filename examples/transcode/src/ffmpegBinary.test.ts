import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ffmpegBinary } from './ffmpegBinary.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'transcode-binary-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('ffmpegBinary', () => {
  it('makes a binary executable whose mode was lost', async () => {
    const file = path.join(folder, 'ffmpeg');
    await writeFile(file, '', { mode: 0o644 });
    await expect(ffmpegBinary(file)).resolves.toBe(file);
    expect((await stat(file)).mode % 0o1000).toBe(0o755);
  });

  it('tells the way out when it cannot', async () => {
    const file = path.join(folder, 'absent');
    await expect(ffmpegBinary(file)).rejects.toThrow(`chmod +x '${file}'`);
  });
});

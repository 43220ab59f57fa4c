import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeClip } from './__testUtils__/makeClip.ts';
import {
  cleanUpPipelines,
  startPipeline,
} from './__testUtils__/startPipeline.ts';
import { probeMedia } from './probeMedia.ts';
import { runFfmpeg } from './runFfmpeg.ts';

jest.setTimeout(60_000);

const { signal } = new AbortController();
let inputs: string;

beforeAll(() => {
  inputs = mkdtempSync(path.join(os.tmpdir(), 'transcode-inputs-'));
});
afterAll(() => rmSync(inputs, { recursive: true, force: true }));
afterEach(cleanUpPipelines);

async function decodeErrors(video: string): Promise<string[]> {
  const args = ['-xerror', '-i', `file:${video}`, '-f', 'null', '-'];
  const { exitCode, stderrLines } = await runFfmpeg(args, { signal });
  return [
    ...(exitCode === 0 ? [] : [`exit code ${exitCode}`]),
    ...stderrLines.filter(line => /\[(error|fatal)\]/.test(line)),
  ];
}

describe('transcode', () => {
  it.each([
    { profile: 'live_stream', resolution: '1280x720', framesPerSecond: 30 },
    { profile: 'archive', resolution: '1280x720', framesPerSecond: 30 },
    { profile: 'preview', resolution: '640x360', framesPerSecond: 15 },
  ])(
    'makes a $profile video that a browser can play, with its thumbnail and facts',
    async ({ profile, resolution, framesPerSecond }) => {
      const run = startPipeline({
        parameters: { profile, durationSeconds: 3 },
      });
      expect([await run.exitCode, run.stderr()]).toEqual([
        0,
        expect.not.stringContaining('error'),
      ]);

      const name = `test-clip-${profile}`;
      expect(readdirSync(run.folder).sort()).toEqual([
        `${name}.jpg`,
        `${name}.mp4`,
      ]);
      const video = path.join(run.folder, `${name}.mp4`);
      const bytes = readFileSync(video);
      expect(await decodeErrors(video)).toEqual([]);
      expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
      const picture = readFileSync(path.join(run.folder, `${name}.jpg`));
      expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff');

      expect(run.messages()).toEqual(
        expect.arrayContaining([
          {
            type: 'artifact',
            path: `${name}.mp4`,
            name: `${name}.mp4`,
            mediaType: 'video/mp4',
          },
          {
            type: 'artifact',
            path: `${name}.jpg`,
            name: `${name}.jpg`,
            mediaType: 'image/jpeg',
          },
          {
            type: 'output',
            name: 'media',
            json: {
              profile,
              codec: 'h264',
              audioCodec: 'aac',
              resolution,
              framesPerSecond,
              duration: expect.closeTo(3, 0),
              bitrate: expect.any(Number),
              size: bytes.length,
            },
          },
        ]),
      );
    },
  );

  it('holds the bitrate of a live stream near its 3 Mbit/s', async () => {
    const run = startPipeline({ parameters: { durationSeconds: 3 } });
    await run.exitCode;
    const output = run.messages().find(({ type }) => type === 'output');
    expect(output).toMatchObject({ json: { profile: 'live_stream' } });
    const { bitrate } = (output as { json: { bitrate: number } }).json;
    expect(bitrate).toBeGreaterThan(2_500_000);
    expect(bitrate).toBeLessThan(3_700_000);
  });

  it('reports steps in order and progress that only grows and ends at 1', async () => {
    const run = startPipeline({
      parameters: { durationSeconds: 20, profile: 'archive' },
    });
    expect(await run.exitCode).toBe(0);
    const messages = run.messages();
    const steps = messages.flatMap(message =>
      message.type === 'step' && message.status !== 'pending'
        ? [`${message.name} ${message.status}`]
        : [],
    );
    expect(steps).toEqual(
      ['prepare', 'encode', 'thumbnail', 'probe'].flatMap(name => [
        `${name} running`,
        `${name} succeeded`,
      ]),
    );
    const values = messages.flatMap(message =>
      message.type === 'progress' ? [message.progress] : [],
    );
    expect(values.length).toBeGreaterThan(3);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values.at(-1)).toBe(1);
    const metrics = messages.flatMap(message =>
      message.type === 'metric' && message.value > 0 ? [message.name] : [],
    );
    expect(new Set(metrics)).toEqual(new Set(['speed', 'bitrate', 'fps']));
  });

  it('transcodes a file with odd sides, no sound and a hostile name, and never scales it up', async () => {
    const input = '-y concat:$(touch pwned) %d;.mkv';
    await makeClip(path.join(inputs, input), {
      size: '321x181',
      seconds: 2,
      tone: false,
    });
    const run = startPipeline({
      parameters: { input, profile: 'archive', outputName: 'mine' },
      inputFolders: [inputs],
    });
    expect([await run.exitCode, run.stderr()]).toEqual([0, expect.anything()]);
    const media = await probeMedia(path.join(run.folder, 'mine.mp4'), signal);
    expect(media).toMatchObject({ codec: 'h264', width: 320, height: 180 });
    expect(media.audioCodec).toBeUndefined();
    expect(media.framesPerSecond).toBe(25);
  });
});

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeClip } from './__testUtils__/makeClip.ts';
import {
  cleanUpPipelines,
  startPipeline,
} from './__testUtils__/startPipeline.ts';

jest.setTimeout(60_000);

let home: string;
let allowed: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'transcode-bad-'));
  allowed = path.join(home, 'allowed');
  mkdirSync(path.join(allowed, 'folder.mp4'), { recursive: true });
  mkdirSync(path.join(home, 'allowed-not'));
  writeFileSync(path.join(home, 'allowed-not', 'secret.mp4'), 'secret');
  symlinkSync(
    path.join(home, 'allowed-not', 'secret.mp4'),
    path.join(allowed, 'link.mp4'),
  );
  writeFileSync(path.join(allowed, 'text.mp4'), 'not a video');
  writeFileSync(path.join(allowed, 'empty.mp4'), '');
  writeFileSync(
    path.join(allowed, 'playlist.mp4'),
    '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
  );
  writeFileSync(
    path.join(allowed, 'list.mp4'),
    "ffconcat version 1.0\nfile '/etc/passwd'\n",
  );
  await makeClip(path.join(allowed, 'sound.mp4'), {
    size: '64x64',
    seconds: 1,
    picture: false,
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(cleanUpPipelines);

async function refusalOf(parameters: unknown): Promise<string> {
  const run = startPipeline({ parameters, inputFolders: [allowed] });
  expect(await run.exitCode).toBe(2);
  expect(readdirSync(path.dirname(run.folder))).toContain('params.json');
  const said = run.stderr();
  expect(said).toMatch(/^error: [^\n]+\n$/);
  return said;
}

describe('bad input', () => {
  it.each([
    ['missing.mp4', "Input 'missing.mp4' does not exist"],
    ['/etc/passwd', 'is not inside a folder'],
    ['../allowed-not/secret.mp4', 'is not inside a folder'],
    ['../allowed-not/absent.mp4', 'is not inside a folder'],
    ['link.mp4', 'is not inside a folder'],
    ['.', 'is not inside a folder'],
    ['a\0b', 'is not inside a folder'],
    ['folder.mp4', 'is not a regular file'],
    ['text.mp4', 'is not a video file'],
    ['empty.mp4', 'is not a video file'],
    ['playlist.mp4', 'is not a video file'],
    ['list.mp4', 'is not a video file'],
    ['sound.mp4', 'holds no video stream'],
    ['-version', "Input '-version' does not exist"],
    ['pipe:0', "Input 'pipe:0' does not exist"],
    ['concat:text.mp4|empty.mp4', 'does not exist'],
    ['http://127.0.0.1:1/a.mp4', 'does not exist'],
  ])('refuses the input %j with one sentence', async (input, sentence) => {
    expect(await refusalOf({ input })).toContain(sentence);
  });

  it.each([
    ['an unknown profile', { profile: 'best' }, "'profile'"],
    ['an unknown parameter', { speed: 2 }, 'speed'],
    [
      'a length of the wrong type',
      { durationSeconds: '9' },
      "'durationSeconds'",
    ],
    ['a length of zero', { durationSeconds: 0 }, "'durationSeconds'"],
    ['an endless length', { durationSeconds: 1e9 }, "'durationSeconds'"],
    ['a name that is a path', { outputName: '../x' }, "'outputName'"],
    ['a name that looks like an option', { outputName: '-y' }, "'outputName'"],
    ['parameters that are not JSON', '{', 'Cannot read the parameters file'],
    ['parameters that are a list', '[]', 'The parameters are wrong'],
  ])('refuses %s', async (_, parameters, sentence) => {
    expect(await refusalOf(parameters)).toContain(sentence);
  });

  it('refuses every input while no folder is allowed', async () => {
    const run = startPipeline({ parameters: { input: 'text.mp4' } });
    expect(await run.exitCode).toBe(2);
    expect(run.stderr()).toContain('TRANSCODE_INPUT_FOLDERS');
  });
});

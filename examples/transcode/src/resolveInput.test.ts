import {
  mkdir,
  mkdtemp,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inputFolders, resolveInput } from './resolveInput.ts';

let home: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'transcode-in-')));
  await mkdir(path.join(home, 'one'));
  await mkdir(path.join(home, 'two'));
  await writeFile(path.join(home, 'two', '..film.mp4'), '');
  await symlink(path.join(home, 'two'), path.join(home, 'linked'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('resolveInput', () => {
  it('looks a relative path up in every allowed folder', async () => {
    const folders = [path.join(home, 'one'), path.join(home, 'two')];
    await expect(resolveInput('..film.mp4', folders)).resolves.toBe(
      path.join(home, 'two', '..film.mp4'),
    );
  });

  it('accepts an allowed folder that is itself a link', async () => {
    const folders = [path.join(home, 'linked')];
    const expected = path.join(home, 'two', '..film.mp4');
    await expect(resolveInput('..film.mp4', folders)).resolves.toBe(expected);
    await expect(
      resolveInput(path.join(home, 'linked', '..film.mp4'), folders),
    ).resolves.toBe(expected);
  });

  it('answers alike for files outside, whether they exist or not', async () => {
    const folders = [path.join(home, 'one')];
    for (const name of ['..film.mp4', 'absent.mp4']) {
      await expect(
        resolveInput(path.join(home, 'two', name), folders),
      ).rejects.toThrow('is not inside a folder');
    }
  });

  it('reads the folders from the environment like the entries of PATH', () => {
    const TRANSCODE_INPUT_FOLDERS = ['/a', '', '/b/'].join(path.delimiter);
    expect(inputFolders({ TRANSCODE_INPUT_FOLDERS })).toEqual(
      ['/a', '/b'].map(folder => path.resolve(folder)),
    );
    expect(inputFolders({})).toEqual([]);
  });
});

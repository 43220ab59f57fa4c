import {
  mkdir,
  mkdtemp,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AllowedFolders } from './AllowedFolders';

describe('AllowedFolders', () => {
  let base: string;
  let folders: AllowedFolders;

  beforeAll(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'millrace-')));
    await mkdir(path.join(base, 'media', 'in'), { recursive: true });
    await mkdir(path.join(base, 'media-private'));
    await mkdir(path.join(base, 'media', '..dots'));
    await writeFile(path.join(base, 'media', 'file'), '');
    await symlink('in', path.join(base, 'media', 'inner'));
    await symlink('../media-private', path.join(base, 'media', 'outer'));
    await symlink('/', path.join(base, 'media', 'in', 'slash'));
    await symlink('media', path.join(base, 'linked'));
    folders = new AllowedFolders([
      path.join(base, 'media'),
      path.join(base, 'gone'),
    ]);
  });
  afterAll(() => rm(base, { recursive: true, force: true }));

  it.each([
    ['media', 'media'],
    ['media/in/', 'media/in'],
    ['media/inner', 'media/in'],
    ['./media/./in', 'media/in'],
    ['media/..dots', 'media/..dots'],
  ])('resolves %j to a folder below a root', async (folder, real) => {
    const expected = { path: path.join(base, real) };
    expect(await folders.resolve(folder, base)).toEqual(expected);
    expect(
      await folders.resolve(path.join(base, folder), '/somewhere'),
    ).toEqual(expected);
  });

  it.each([
    ['media-private', 'is not inside'],
    ['/', 'is not inside'],
    ['', 'is not inside'],
    ['media/../media-private', "may not contain '..'"],
    ['media\\..\\x', "may not contain '..'"],
    ['media/in\0', 'NUL'],
    ['media/outer', 'there is no such folder, or it is a link'],
    ['media/in/slash/etc', 'there is no such folder, or it is a link'],
    ['media/file', 'is no folder'],
    ['media/nothing', 'there is no such folder'],
    ['gone', 'there is no such folder'],
    ['linked/in', 'is not inside'],
  ])('refuses %j', async (folder, problem) => {
    expect(await folders.resolve(folder, base)).toEqual({
      problem: expect.stringContaining(problem),
    });
  });

  it('follows a root that is a link itself', async () => {
    const linked = new AllowedFolders([path.join(base, 'linked')]);
    expect(await linked.resolve('linked/in', base)).toEqual({
      path: path.join(base, 'media', 'in'),
    });
  });

  it.each(['/', 'media/in/slash/'])(
    'says the same of what is outside in %j, whether or not it is there',
    async outside => {
      const [there, missing] = await Promise.all(
        ['etc', 'nothing-of-this-name'].map(name =>
          folders.resolve(`${outside}${name}`, base),
        ),
      );
      expect(there).toEqual(missing);
    },
  );

  it('allows nothing without roots, and says which key to set', async () => {
    expect(await new AllowedFolders().resolve('/tmp', '/')).toEqual({
      problem: expect.stringContaining(`'pipelines.folders.roots'`),
    });
  });
});

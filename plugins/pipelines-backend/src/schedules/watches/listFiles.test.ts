import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from './listFiles';

describe('listFiles', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'millrace-list-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const list = async (options: { isDeep?: boolean; maxEntries?: number }) => {
    const { files, problem } = await listFiles({
      root,
      isDeep: true,
      ...options,
    });
    return { paths: files.map(file => file.path).sort(), problem };
  };

  it('finds files in folders in it only when it looks deep', async () => {
    await mkdir(path.join(root, 'a/b'), { recursive: true });
    await writeFile(path.join(root, 'x'), '');
    await writeFile(path.join(root, 'a/b/y'), '');
    expect(await list({})).toEqual({ paths: ['a/b/y', 'x'] });
    expect(await list({ isDeep: false })).toEqual({ paths: ['x'] });
  });

  it('looks at no more entries than it may, and says so', async () => {
    for (let i = 0; i < 7; i++) {
      await writeFile(path.join(root, String(i)), '');
    }
    const { paths, problem } = await list({ maxEntries: 5 });
    expect(paths).toHaveLength(5);
    expect(problem).toMatch(/more than 5 entries/);
    expect((await list({ maxEntries: 7 })).problem).toBeUndefined();
  });

  it('names a file whose name is no text', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff])]),
      '',
    );
    expect(await list({})).toEqual({
      paths: [],
      problem: expect.stringMatching(/is no UTF-8/),
    });
  });

  it('refuses a folder that is not there or is none', async () => {
    await writeFile(path.join(root, 'x'), '');
    await expect(
      listFiles({ root: path.join(root, 'nope'), isDeep: true }),
    ).rejects.toThrow('There is no such folder');
    await expect(
      listFiles({ root: path.join(root, 'x'), isDeep: true }),
    ).rejects.toThrow('It is no folder');
  });
});

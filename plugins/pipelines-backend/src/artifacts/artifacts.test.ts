import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { RunArtifactsResponseSchema } from '@millrace/backstage-plugin-pipelines-common';
import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import request from 'supertest';
import { v7 as uuidV7 } from 'uuid';
import { createTestDefinitions, TestDatabase, waitFor } from '../__testUtils__';
import { serveRouter, type ServedRouter } from '../__testUtils__/serveRouter';
import { TEST_PIPELINE, TestRun } from '../__testUtils__/TestRun';
import {
  ARTIFACT_CONTENT_PATH,
  ArtifactsService,
  ArtifactStores,
  AuthorizedArtifactsService,
  createArtifactsRouter,
  LocalArtifactStore,
} from './index';

jest.setTimeout(60_000);

describe('artifacts', () => {
  let database: TestDatabase;
  let folder: string;
  let artifacts: ArtifactsService;
  let served: ServedRouter;
  let run: TestRun;

  const folderOf = (attempt: { runId: string; attempt: number }) =>
    path.join(folder, 'attempts', `${attempt.runId}.${attempt.attempt}`);
  const storeFolder = () => path.join(folder, 'store');

  async function createService(
    options: { maxBytes?: number; maxArtifacts?: number } = {},
  ) {
    const stores = new ArtifactStores();
    stores.addArtifactStore(
      await LocalArtifactStore.create({ folder: storeFolder() }),
    );
    stores.use('local');
    return new ArtifactsService({
      knex: database.knex,
      stores,
      logger: mockServices.logger.mock(),
      maxBytes: 10_000_000,
      folderOf,
      ...options,
    });
  }

  beforeAll(async () => {
    database = await TestDatabase.create();
    folder = await mkdtemp(path.join(tmpdir(), 'millrace-artifacts-'));
    artifacts = await createService();
    served = await serveRouter({
      knex: database.knex,
      definitions: await createTestDefinitions(database.knex, [
        { id: TEST_PIPELINE },
      ]),
      cookiePath: ARTIFACT_CONTENT_PATH,
      createRouter: ({ authorizedRuns, httpAuth }) =>
        createArtifactsRouter({
          artifacts: new AuthorizedArtifactsService({
            artifacts,
            runs: authorizedRuns,
          }),
          httpAuth,
        }),
    });
  });

  afterAll(async () => {
    await served.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    served.decide(AuthorizeResult.ALLOW);
    run = await TestRun.create(database.knex);
    await mkdir(folderOf(run.lease), { recursive: true });
  });

  /** Writes a file as the run would. @returns its absolute path */
  async function makeFile(name: string, content: string | Buffer) {
    const file = path.join(folderOf(run.lease), name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  /** Stores an artifact. @returns its path below the plugin's routes */
  async function keep(
    name: string,
    content: string | Buffer,
    mediaType?: string,
  ) {
    const file = await makeFile(`file-${randomUUID()}`, content);
    await artifacts.store(run.lease, { path: file, name, mediaType });
    const kept = (await artifacts.list(run.id)).find(
      item => item.name === name,
    )!;
    return `/api/pipelines/runs/${run.id}/artifacts/${kept.id}/content`;
  }

  async function countStoredFiles() {
    const names = await readdir(storeFolder(), {
      recursive: true,
      withFileTypes: true,
    });
    return names.filter(entry => entry.isFile()).length;
  }

  const user = mockCredentials.user.header();
  const getAsNobody = (url: string) =>
    request(served.server).get(url).buffer(true);
  const get = (url: string) => getAsNobody(url).set('Authorization', user);

  describe('storing', () => {
    it('keeps the bytes, their hash and the media type of the name', async () => {
      const content = randomBytes(300_000);
      const file = await makeFile('thumb.png', content);

      await artifacts.store(run.lease, { path: file, name: 'thumb.png' });
      const res = await get(`/api/pipelines/runs/${run.id}/artifacts`);

      expect(res.status).toBe(200);
      expect(RunArtifactsResponseSchema.parse(res.body)).toEqual(res.body);
      expect(res.body.items).toEqual([
        {
          id: expect.any(String),
          attempt: 1,
          name: 'thumb.png',
          mediaType: 'image/png',
          bytes: 300_000,
          sha256: createHash('sha256').update(content).digest('hex'),
          createdAt: expect.any(String),
          preview: 'image',
        },
      ]);
    });

    it('replaces an artifact of the same name, and its file', async () => {
      const first = await keep('report.json', '{"a":1}');
      const files = await countStoredFiles();
      const second = await keep('report.json', '{"b":2}');

      expect((await get(first)).status).toBe(404);
      expect((await get(second)).text).toBe('{"b":2}');
      expect(await artifacts.list(run.id)).toHaveLength(1);
      expect(await countStoredFiles()).toBe(files);
    });

    it('keeps nothing once the lease is over', async () => {
      const file = await makeFile('late.txt', 'late');
      const files = await countStoredFiles();
      await run.end();

      await expect(
        artifacts.store(run.lease, { path: file, name: 'late.txt' }),
      ).rejects.toMatchObject({ name: 'LeaseLostError' });

      expect(await artifacts.list(run.id)).toEqual([]);
      expect(await countStoredFiles()).toBe(files);
    });

    it('refuses what is larger or more than it may be, and leaves nothing behind', async () => {
      const small = await createService({ maxBytes: 100, maxArtifacts: 1 });
      const large = await makeFile('large.bin', randomBytes(101));
      const fitting = await makeFile('fits.bin', randomBytes(100));
      const files = await countStoredFiles();

      await expect(
        small.store(run.lease, { path: large, name: 'large.bin' }),
      ).rejects.toThrow('more than 100 bytes');
      await small.store(run.lease, { path: fitting, name: 'fits.bin' });
      await small.store(run.lease, { path: fitting, name: 'fits.bin' });
      await expect(
        small.store(run.lease, { path: fitting, name: 'second.bin' }),
      ).rejects.toThrow('at most 1 artifacts');

      expect(await countStoredFiles()).toBe(files + 1);
    });

    it.each([
      '',
      'a\u0000b',
      'a\nb',
      'gpj.\u202eexe',
      '\ud800',
      'x'.repeat(256),
    ])('refuses the name %j', async name => {
      const file = await makeFile('a.txt', 'a');
      await expect(
        artifacts.store(run.lease, { path: file, name }),
      ).rejects.toThrow('is no name for an artifact');
    });

    it('removes the files of runs whose time is over, and of no others', async () => {
      await keep('mine.txt', 'mine');
      const other = run;
      run = await TestRun.create(database.knex);
      await mkdir(folderOf(run.lease), { recursive: true });
      const kept = await keep('theirs.txt', 'theirs');
      const files = await countStoredFiles();

      await artifacts.removeFiles([other.id]);

      expect(await countStoredFiles()).toBe(files - 1);
      expect((await get(kept)).status).toBe(200);
    });

    it('removes copies that a process left unfinished a day ago', async () => {
      const unfinished = path.join(storeFolder(), 'unfinished');
      const old = path.join(unfinished, 'old');
      const young = path.join(unfinished, 'young');
      await Promise.all([writeFile(old, ''), writeFile(young, '')]);
      const longAgo = Date.now() / 1_000 - 25 * 60 * 60;
      await utimes(old, longAgo, longAgo);

      await LocalArtifactStore.create({ folder: storeFolder() });

      expect(await readdir(unfinished)).toEqual(['young']);
      await rm(young);
    });
  });

  describe('what a run offers from elsewhere', () => {
    let secret: string;

    beforeEach(async () => {
      secret = path.join(folder, 'secret.txt');
      await writeFile(secret, 'TOP SECRET');
    });

    afterEach(async () => {
      await rm(secret);
    });

    /** Why the file was not taken; undefined when it was. */
    async function offer(file: string): Promise<string | undefined> {
      const files = await countStoredFiles();
      const refusal = await artifacts
        .store(run.lease, { path: file, name: 'x.txt' })
        .then(
          () => undefined,
          error => String(error),
        );
      expect(await countStoredFiles()).toBe(files);
      return refusal;
    }

    it.each([
      ['../../secret.txt', /not inside/],
      ['/etc/passwd', /not inside/],
      ['%2e%2e%2f%2e%2e%2fsecret.txt', /no such file/],
      ['a\0b', /NUL/],
      ['.', /not a plain file/],
      ['..', /not a plain file/],
      ['/dev/zero', /not a plain file/],
      ['/proc/self/environ', /not inside/],
      ['missing', /no such file/],
    ])('refuses %j', async (file, reason) => {
      expect(await offer(file)).toMatch(reason);
    });

    it('refuses links, of whatever kind', async () => {
      const at = (name: string) => path.join(folderOf(run.lease), name);
      await symlink(secret, at('link'));
      await symlink(at('link'), at('chain'));
      await symlink(at('nowhere'), at('dangling'));
      await symlink(folder, at('folder'));
      const other = await TestRun.create(database.knex);
      await mkdir(folderOf(other.lease), { recursive: true });
      await writeFile(path.join(folderOf(other.lease), 'theirs'), 'theirs');
      await symlink(folderOf(other.lease), at('neighbour'));

      expect(await offer(at('link'))).toMatch(/symbolic links/);
      expect(await offer(at('chain'))).toMatch(/symbolic links/);
      expect(await offer(at('dangling'))).toMatch(/symbolic links/);
      expect(await offer(at('folder/secret.txt'))).toMatch(/not inside/);
      expect(await offer(at('neighbour/theirs'))).toMatch(/not inside/);
    });

    it('refuses devices and FIFOs at once instead of waiting for them', async () => {
      const fifo = path.join(folderOf(run.lease), 'fifo');
      await promisify(execFile)('mkfifo', [fifo]);

      expect(await offer(fifo)).toMatch(/not a plain file/);
    });

    it('never reads anything else while a link takes the place of a folder', async () => {
      const inside = path.join(folderOf(run.lease), 'sub');
      const aside = path.join(folderOf(run.lease), 'aside');
      await mkdir(inside);
      await writeFile(path.join(inside, 'secret.txt'), 'mine');
      let swapping = true;
      const swaps = (async () => {
        while (swapping) {
          await rename(inside, aside);
          await symlink(folder, inside);
          await rm(inside);
          await rename(aside, inside);
        }
      })();

      const ends = { kept: 0, refused: 0 };
      for (let tries = 0; tries < 300; tries++) {
        await artifacts
          .store(run.lease, {
            path: path.join(inside, 'secret.txt'),
            name: 'x.txt',
          })
          .then(
            () => ends.kept++,
            () => ends.refused++,
          );
        const [kept] = await artifacts.list(run.id);
        expect(kept?.bytes ?? 4).toBe(4);
      }
      swapping = false;
      await swaps;

      expect(ends.kept).toBeGreaterThan(0);
      expect(ends.refused).toBeGreaterThan(0);
    });

    it('keeps exactly what it says it has while the file grows and shrinks', async () => {
      const file = await makeFile('moving.bin', randomBytes(1_000_000));
      const storing = artifacts.store(run.lease, {
        path: file,
        name: 'moving.bin',
      });
      await appendFile(file, randomBytes(2_000_000));
      await truncate(file, 10);
      await storing;

      const [kept] = await artifacts.list(run.id);
      const { body } = await get(
        `/api/pipelines/runs/${run.id}/artifacts/${kept.id}/content`,
      );
      expect(body).toHaveLength(kept.bytes);
      expect(createHash('sha256').update(body).digest('hex')).toBe(kept.sha256);
    });
  });

  describe('reading', () => {
    const digits = '0123456789';

    it('serves the whole, any range of it, and nothing when the range is outside', async () => {
      const url = await keep('digits.mp4', digits);
      const range = (value: string) => get(url).set('Range', value);

      const whole = await get(url);
      expect(whole.status).toBe(200);
      expect(String(whole.body)).toBe(digits);
      expect(whole.headers).toMatchObject({
        'accept-ranges': 'bytes',
        'content-length': '10',
        'content-type': 'video/mp4',
      });
      for (const [value, bytes, place] of [
        ['bytes=0-0', '0', '0-0'],
        ['bytes=3-5', '345', '3-5'],
        ['bytes=8-', '89', '8-9'],
        ['bytes=-2', '89', '8-9'],
        ['bytes=7-999', '789', '7-9'],
      ]) {
        const part = await range(value);
        expect(part.status).toBe(206);
        expect(String(part.body)).toBe(bytes);
        expect(part.headers['content-range']).toBe(`bytes ${place}/10`);
        expect(part.headers['content-length']).toBe(`${bytes.length}`);
      }
      const outside = await range('bytes=10-');
      expect(outside.status).toBe(416);
      expect(outside.headers['content-range']).toBe('bytes */10');
      for (const value of ['bytes=5-2,', 'lines=1-2', 'bytes=0-1,4-5', 'x']) {
        const odd = await range(value);
        expect([200, 416]).toContain(odd.status);
      }
    });

    it('goes on only where it is the same file', async () => {
      const url = await keep('digits.mp4', digits);
      const { etag } = (await get(url)).headers;
      const part = () => get(url).set('Range', 'bytes=5-');

      expect((await part().set('If-Range', etag)).status).toBe(206);
      expect((await part().set('If-Range', '"other"')).status).toBe(200);
      expect((await part().set('If-Match', etag)).status).toBe(206);
      expect((await part().set('If-Match', '"other"')).status).toBe(412);
      expect((await get(url).set('If-None-Match', etag)).status).toBe(304);
    });

    it('answers HEAD with the headers alone', async () => {
      const url = await keep('digits.mp4', digits);
      const res = await request(served.server)
        .head(url)
        .set('Authorization', user);

      expect(res.status).toBe(200);
      expect(res.headers['content-length']).toBe('10');
      expect(res.text).toBeFalsy();
    });

    it('serves an empty file', async () => {
      const res = await get(await keep('empty.txt', ''));

      expect(res.status).toBe(200);
      expect(res.headers['content-length']).toBe('0');
    });

    it.each([
      ['page.html', undefined, 'application/octet-stream', 'attachment'],
      ['image.svg', undefined, 'application/octet-stream', 'attachment'],
      ['x.png', 'text/html', 'application/octet-stream', 'attachment'],
      ['x.xhtml', undefined, 'application/octet-stream', 'attachment'],
      ['x.pdf', undefined, 'application/octet-stream', 'attachment'],
      ['x', undefined, 'application/octet-stream', 'attachment'],
      ['x.png', undefined, 'image/png', 'inline'],
      ['x', 'Image/PNG; x=y', 'image/png', 'inline'],
      ['x.html', 'text/plain', 'text/plain; charset=utf-8', 'inline'],
      ['x.csv', undefined, 'text/plain; charset=utf-8', 'inline'],
      ['x.json', 'a\r\nSet-Cookie: b', 'text/plain; charset=utf-8', 'inline'],
      ['x.webm', undefined, 'video/webm', 'inline'],
      ['x.mp3', undefined, 'audio/mpeg', 'inline'],
      ['x.wav', undefined, 'audio/wav', 'inline'],
      ['x.avif', undefined, 'image/avif', 'inline'],
      ['x', 'constructor/x', 'application/octet-stream', 'attachment'],
    ])(
      'serves %j named %j as %s %s, and nothing that may run',
      async (name, mediaType, type, disposition) => {
        const url = await keep(name, '<script>alert(1)</script>', mediaType);
        const res = await get(url);

        expect(res.headers['content-type']).toBe(type);
        expect(res.headers['content-disposition']).toMatch(
          new RegExp(`^${disposition}; filename=`),
        );
        expect(res.headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'same-origin',
          'content-security-policy': expect.stringMatching(
            /^sandbox; default-src 'none';/,
          ),
        });
        const download = await get(`${url}?download=1`);
        expect(download.headers['content-disposition']).toMatch(/^attachment/);
      },
    );

    it('names the download as the run did, in every script', async () => {
      const url = await keep('Übersicht "№ 1" 會議/日.json', '{}');
      const { headers } = await get(url);

      expect(headers['content-disposition']).toContain("filename*=UTF-8''");
      expect(headers['content-disposition']).toContain(
        encodeURIComponent('日.json'),
      );
      expect(headers['content-disposition']).not.toMatch(/[^ -~]/);
    });

    it('lets go of the file when the caller goes before the end', async () => {
      const url = await keep('long.mp4', randomBytes(9_000_000));
      const address = served.url.replace('/api/pipelines', url);
      const caller = new AbortController();
      const res = await fetch(address, {
        headers: { Authorization: user },
        signal: caller.signal,
      });
      await res.body!.getReader().read();
      expect(await countOpenFiles(storeFolder())).toBe(1);

      caller.abort();

      await waitFor('the file to be closed', async () => {
        return (await countOpenFiles(storeFolder())) === 0;
      });
      expect((await get(url)).status).toBe(200);
    });

    it('says so when the file is gone or damaged', async () => {
      const url = await keep('gone.txt', 'some text');
      const { store_key: key } = await database
        .knex('run_artifacts')
        .where({ run_id: run.id })
        .first('store_key');
      const file = path.join(storeFolder(), key);
      await truncate(file, 3);
      const damaged = await get(url);
      await rm(file);
      const gone = await get(url);

      expect(damaged.status).toBe(404);
      expect(damaged.body.error.message).toContain('3 of 9 bytes');
      expect(gone.status).toBe(404);
      expect(gone.body.error.message).toBe(
        `The file of artifact 'gone.txt' was removed by retention or lost`,
      );
    });

    it('refuses a path in place of an id, and an artifact of another run', async () => {
      const url = await keep('a.txt', 'a');
      const id = url.split('/').at(-2);
      const base = `/api/pipelines/runs/${run.id}/artifacts`;
      for (const hostile of [
        '..%2f..%2fetc%2fpasswd',
        '%2e%2e%2f%2e%2e',
        'a%00b',
        `${id}%2f..`,
      ]) {
        expect((await get(`${base}/${hostile}/content`)).status).toBe(404);
      }
      expect((await get(`${base}/${uuidV7()}/content`)).status).toBe(404);
      const other = await TestRun.create(database.knex);
      expect((await get(url.replace(run.id, other.id))).status).toBe(404);
    });
  });

  describe('who may read', () => {
    it('takes a token or the limited cookie for the content, and a token for the list', async () => {
      const url = await keep('a.txt', 'a');
      const list = `/api/pipelines/runs/${run.id}/artifacts`;
      const cookie = mockCredentials.limitedUser.cookie();

      expect((await get(url)).status).toBe(200);
      expect((await getAsNobody(url)).status).toBe(401);
      expect((await getAsNobody(url).set('Cookie', cookie)).status).toBe(200);
      expect((await get(list)).status).toBe(200);
      expect((await getAsNobody(list).set('Cookie', cookie)).status).toBe(401);
    });

    it('refuses the cookie when another site asks', async () => {
      const url = await keep('a.txt', 'a');
      const asked = async (site: string) => {
        const res = await getAsNobody(url)
          .set('Cookie', mockCredentials.limitedUser.cookie())
          .set('Sec-Fetch-Site', site);
        return res.status;
      };

      expect(await asked('cross-site')).toBe(403);
      expect(await asked('same-origin')).toBe(200);
      expect(await asked('none')).toBe(200);
    });

    it('takes no other method', async () => {
      const url = await keep('a.txt', 'a');
      for (const method of ['post', 'put', 'patch', 'delete'] as const) {
        const res = await request(served.server)
          [method](url)
          .set('Authorization', user);
        expect(res.status).toBe(404);
      }
    });

    it('says that there is no such run to those who may not see it', async () => {
      const url = await keep('a.txt', 'a');
      served.decide(AuthorizeResult.DENY);

      expect((await get(url)).status).toBe(404);
      expect(
        (await get(`/api/pipelines/runs/${run.id}/artifacts`)).status,
      ).toBe(404);
    });
  });
});

/** Files below the folder that this process has open. */
async function countOpenFiles(folder: string): Promise<number> {
  const descriptors = await readdir('/proc/self/fd');
  const paths = await Promise.all(
    descriptors.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return paths.filter(file => file.startsWith(folder)).length;
}

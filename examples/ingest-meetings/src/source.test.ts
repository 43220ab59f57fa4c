import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { symlink } from 'node:fs/promises';
import { runProgram } from './testing/runIngest.ts';
import { meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('the source', () => {
  const scene = useIngest();

  it('does not read files outside of the allowed folders, nor through links', async () => {
    await scene.files.write('m.json', []);
    await symlink('/etc/hostname', scene.files.path('link.json'));
    for (const url of [
      'file:///etc/hostname',
      `file://${scene.files.folder}/../../etc/hostname`,
      `file://${scene.files.folder}/%2e%2e/other.json`,
      `file://${scene.files.folder}/link.json`,
      `file://${scene.files.folder}-other/m.json`,
    ]) {
      const { exitCode, output } = await scene.ingest(url);
      expect(exitCode).toBe(1);
      expect(output).toContain(
        'is not in a folder that INGEST_ALLOWED_FOLDERS names',
      );
    }
    expect(
      await scene.archive.rows(
        'select distinct error_type from ingestion_errors',
      ),
    ).toEqual([{ error_type: 'file-not-allowed' }]);
  });

  it('says so when the file is a folder or is not there', async () => {
    const missing = await scene.ingest(
      `file://${scene.files.folder}/nothing.json`,
    );
    expect(missing.output).toContain('There is no file');
    expect(missing.exitCode).toBe(1);
  });

  it.each([
    [{}, 'url'],
    [{ url: 'ftp://example.org/a' }, 'url'],
    [{ url: 'file:///a', more: 1 }, 'more'],
  ])('refuses parameters that are wrong: %j', async (params, named) => {
    await scene.files.write('p.json', params);
    const { exitCode, output } = await runProgram(
      { databaseUrl: scene.archive.url },
      {},
      ['--params', scene.files.path('p.json')],
    );
    expect(exitCode).toBe(64);
    expect(output).toContain(named);
  });

  describe('on the web', () => {
    let base: string;
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      if (path.startsWith('/ok')) {
        response.end(JSON.stringify([meeting()]));
      } else if (path.startsWith('/moved')) {
        response.writeHead(302, { location: '/ok' }).end();
      } else if (path === '/to-file') {
        response.writeHead(302, { location: 'file:///etc/hostname' }).end();
      } else if (path === '/to-metadata') {
        const location = 'http://169.254.169.254/latest/meta-data/';
        response.writeHead(302, { location }).end();
      } else if (path === '/to-name') {
        const location = `http://localhost:${base.split(':')[1]}/ok`;
        response.writeHead(302, { location }).end();
      } else if (path === '/loop') {
        response.writeHead(302, { location: '/loop' }).end();
      } else if (path === '/slow') {
        response.write('[');
      } else if (path === '/cut') {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('[');
        setImmediate(() => response.destroy());
      } else {
        response.writeHead(404).end();
      }
    });

    beforeAll(async () => {
      await new Promise<void>(done => {
        server.listen(0, '127.0.0.1', done);
      });
      base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    it('follows redirects, and stores no secret of the address', async () => {
      const { exitCode, output } = await scene.ingest(
        `http://${base}/moved?token=s3cret`,
        { env: { INGEST_ALLOWED_HOSTS: 'elsewhere.test, 127.0.0.1' } },
      );
      expect(exitCode).toBe(0);
      const run = await scene.lastRun();
      expect(run.source_url).toBe(`http://${base}/moved`);
      expect(output).not.toContain('s3cret');
    });

    it.each([
      ['/nothing', {}, 'http-status', 'The source answered 404 Not Found'],
      ['/to-file', {}, 'bad-redirect', 'not an http(s) address'],
      ['/loop', {}, 'too-many-redirects', 'more than 5 times'],
      ['/to-metadata', {}, 'host-not-allowed', "'169.254.169.254'"],
      ['/to-name', {}, 'host-not-allowed', 'INGEST_ALLOWED_HOSTS'],
      [
        '/slow',
        { INGEST_DOWNLOAD_TIMEOUT_SECONDS: '0.5' },
        'source-timeout',
        '0.5 s',
      ],
      ['/ok', { INGEST_MAX_BYTES: '10' }, 'source-too-big', 'INGEST_MAX_BYTES'],
      ['/cut', {}, 'source-unreachable', 'cannot be read'],
    ])('fails on %s', async (path, env, errorType, message) => {
      const { exitCode, output } = await scene.ingest(`http://${base}${path}`, {
        env: { INGEST_ALLOWED_HOSTS: base, ...env },
      });
      expect(exitCode).toBe(1);
      expect(output).toContain(message);
      expect(await scene.lastRun()).toMatchObject({ status: 'failed' });
      expect(
        await scene.archive.row('select error_type from ingestion_errors'),
      ).toEqual({
        error_type: errorType,
      });
    });

    it.each([
      [() => `http://${base}/ok`],
      [() => 'http://localhost/ok'],
      [() => 'http://user:word@example.org/ok'],
    ])(
      'asks nobody inside of the network unless it is allowed (%#)',
      async url => {
        const { exitCode, output } = await scene.ingest(url());
        expect(exitCode).toBe(1);
        expect(output).toMatch(/INGEST_ALLOWED_HOSTS|a user or a password/);
        expect(output).not.toContain('word@');
      },
    );

    it('stops at SIGTERM, marks the run as interrupted and exits non-zero', async () => {
      const { exitCode, protocol } = await scene.ingest(`http://${base}/slow`, {
        env: { INGEST_ALLOWED_HOSTS: '127.0.0.1' },
        onOutput: (output, child) => {
          if (output.includes('[download] running')) {
            child.kill('SIGTERM');
          }
        },
      });
      expect(exitCode).toBe(143);
      expect(protocol.filter(line => line.type === 'step')).toEqual([
        { type: 'step', name: 'download', status: 'running' },
      ]);
      expect(await scene.lastRun()).toMatchObject({
        status: 'failed',
        failure_reason: 'interrupted',
      });
    });
  });
});

import assert from 'node:assert/strict';
import { spawn, type SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { findFreePort } from '../lib/ports.ts';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../run-pipeline-once.mjs');
const TOKEN = 'the-token-that-nobody-may-see';

const folder = makeTemporaryFolder('wrap');
after(() => folder.remove());
const spool = path.join(folder.path, 'spool');
const tokenFile = path.join(folder.path, 'token');
fs.writeFileSync(tokenFile, TOKEN);
const port = await findFreePort();

interface Result {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

/** Wraps a command while there is no portal. */
function start(
  command: string[],
  flags: string[] = [],
  env: NodeJS.ProcessEnv = {},
) {
  const options: SpawnOptions = {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  };
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      ...['--portal', `http://127.0.0.1:${port}`],
      ...['--token-file', tokenFile, '--spool', spool],
      ...['--reporter', 'cron', '--pipeline', 'x', ...flags],
      '--',
      ...command,
    ],
    options,
  );
  const parts: Record<'stdout' | 'stderr', Buffer[]> = {
    stdout: [],
    stderr: [],
  };
  child.stdout!.on('data', part => parts.stdout.push(part));
  child.stderr!.on('data', part => parts.stderr.push(part));
  const result = new Promise<Result>(resolve => {
    child.once('close', code =>
      resolve({
        code,
        stdout: Buffer.concat(parts.stdout),
        stderr: Buffer.concat(parts.stderr).toString(),
      }),
    );
  });
  return { child, parts, result };
}

async function run(
  command: string[],
  flags?: string[],
  env?: NodeJS.ProcessEnv,
) {
  const { child, result } = start(command, flags, env);
  child.stdin!.end();
  return await result;
}

/** The newest spool, as it lies on disk. */
function newest() {
  const name = fs.readdirSync(spool).sort().at(-1)!;
  const read = (file: string) => fs.readFileSync(path.join(spool, name, file));
  const records = read('journal.ndjson')
    .toString()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  return { records, log: read('log'), end: records.at(-1) };
}

describe('a command that is wrapped while the portal is away', () => {
  it('prints and reads as it would without', async () => {
    const bytes = randomBytes(2_000_000);
    const { child, result } = start(['cat'], ['--quiet']);
    child.stdin!.end(bytes);
    const { code, stdout, stderr } = await result;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.ok(stdout.equals(bytes));
    assert.ok(newest().log.equals(bytes));
  });

  const endings: [string, string[], number, object][] = [
    ['success', ['true'], 0, { state: 'succeeded' }],
    ['an exit code', ['sh', '-c', 'exit 3'], 3, { state: 'failed' }],
    ['a signal', ['sh', '-c', 'kill -9 $$'], 137, { state: 'failed' }],
    ['no program', ['no-such-program'], 127, { state: 'failed' }],
    ['no right to execute it', [PROGRAM], 126, { state: 'failed' }],
  ];
  for (const [what, command, code, end] of endings) {
    it(`ends as it ends: with ${what}`, async () => {
      assert.equal((await run(command)).code, code);
      assert.equal(newest().end.type, 'end');
      assert.equal(newest().end.state, (end as { state: string }).state);
    });
  }

  it('says where its report waits, and keeps quiet when it is told to', async () => {
    assert.match(
      (await run(['true'])).stderr,
      /^run-pipeline-once: The report waits in .*spool.*The portal is not there/,
    );
    assert.equal((await run(['true'], ['--quiet'])).stderr, '');
  });

  it('can write to /dev/stderr, as many scripts do', async () => {
    const { stderr } = await run(
      ['sh', '-c', 'echo oops > /dev/stderr'],
      ['--quiet'],
    );
    assert.equal(stderr, 'oops\n');
  });

  it('ends when something it has left behind still prints', async () => {
    const { code, stdout } = await run(
      [
        'sh',
        '-c',
        `sh -c 'echo $$ > "$PID_FILE"; exec sleep 600' &
         until [ -s "$PID_FILE" ]; do :; done
         cat "$PID_FILE"; exit 4`,
      ],
      [],
      { PID_FILE: path.join(folder.path, 'left.pid') },
    );
    process.kill(Number(stdout.toString()), 'SIGKILL');
    assert.equal(code, 4);
  });

  it('gets the signals that its wrapper gets', async () => {
    const { child, parts, result } = start([
      'sh',
      '-c',
      'trap "echo tidy; exit 7" TERM; echo ready; while :; do :; done',
    ]);
    await new Promise<void>(resolve => {
      child.stdout!.on('data', () => {
        if (Buffer.concat(parts.stdout).includes('ready')) {
          resolve();
        }
      });
    });
    child.kill('SIGTERM');
    const { code, stdout } = await result;
    assert.equal(code, 7);
    assert.equal(stdout.toString(), 'ready\ntidy\n');
    const { state, error } = newest().end;
    assert.equal(state, 'cancelled');
    assert.match(error.message, /exit code 7 after SIGTERM/);
  });

  it('runs even where nothing can be written down', async () => {
    const file = path.join(folder.path, 'file');
    fs.writeFileSync(file, '');
    const { code, stdout, stderr } = await run(
      ['echo', 'hello'],
      ['--spool', path.join(file, 'spool')],
    );
    assert.equal(code, 0);
    assert.equal(stdout.toString(), 'hello\n');
    assert.match(stderr, /this run is not reported/);
  });

  it('never shows the token, and does not hand it to the command', async () => {
    const { stdout, stderr } = await run(
      ['sh', '-c', 'env; tr "\\0" " " < /proc/$PPID/cmdline'],
      [],
      { MILLRACE_TOKEN: TOKEN },
    );
    assert.doesNotMatch(stdout.toString() + stderr, new RegExp(TOKEN));
    assert.match(stdout.toString(), /MILLRACE_ARTIFACTS_DIR=/);
    for (const entry of fs.readdirSync(spool, { recursive: true })) {
      const file = path.join(spool, String(entry));
      if (fs.statSync(file).isFile()) {
        assert.ok(!fs.readFileSync(file).includes(TOKEN), file);
      }
    }
  });

  it('is written down with what it says of itself, and without its secrets', async () => {
    const say = (message: object) =>
      `echo '::millrace::${JSON.stringify(message)}'`;
    const { stdout } = await run(
      [
        'sh',
        '-c',
        [
          say({ type: 'step', name: 'copy', status: 'running' }),
          'echo "password is $PASSWORD"',
          'echo hello > "$MILLRACE_ARTIFACTS_DIR/a.txt"',
          say({ type: 'artifact', path: 'a.txt' }),
          say({ type: 'artifact', path: 'nope.txt' }),
        ].join('\n'),
      ],
      ['--secret', 'PASSWORD', '--artifact', tokenFile],
      { PASSWORD: 'hunter2-hunter2' },
    );
    assert.match(
      stdout.toString(),
      /hunter2-hunter2/,
      'passed through as it is',
    );
    const { log, records } = newest();
    assert.equal(log.toString(), 'password is [redacted]\n');
    const kept = records.filter(({ type }) => type === 'artifact');
    assert.deepEqual(kept.map(({ name }) => name).sort(), ['a.txt', 'token']);
    const copy = kept.find(({ name }) => name === 'a.txt').file;
    assert.equal(fs.readFileSync(copy, 'utf8'), 'hello\n');
    assert.ok(
      records.some(({ type, name }) => type === 'step' && name === 'copy'),
    );
  });

  it('works from a copy on a machine that has only Node', async () => {
    const copy = path.join(folder.path, 'copy');
    fs.cpSync(PROGRAM, path.join(copy, 'run-pipeline-once.mjs'));
    fs.cpSync(import.meta.dirname, path.join(copy, 'run-pipeline-once'), {
      recursive: true,
      filter: file => !file.endsWith('.test.ts'),
    });
    const child = spawn(
      process.execPath,
      [path.join(copy, 'run-pipeline-once.mjs'), '--help'],
      { env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const parts: Buffer[] = [];
    child.stdout.on('data', part => parts.push(part));
    const code = await new Promise(resolve => child.once('close', resolve));
    assert.equal(code, 0);
    assert.match(Buffer.concat(parts).toString(), /--token-file FILE/);
  });
});

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { inRoot } from '../../scripts/lib/paths.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { makeTemporaryFolder } from '../../scripts/lib/temporaryFolder.ts';
import { until } from '../harness/index.ts';

const START_MS = 180_000;
const STOP_MS = 30_000;
const INTERRUPTED = 130;

interface Launcher {
  child: ChildProcess;
  output(): string;
  hasEnded(): boolean;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>;
}

const folder = makeTemporaryFolder('launcher');
const launchers = new Set<ChildProcess>();
after(async () => {
  launchers.forEach(child => child.kill('SIGKILL'));
  await untilNothingIsLeft();
  folder.remove();
});

function launch(...flags: string[]): Launcher {
  const child = spawn(
    process.execPath,
    [inRoot('scripts/start/main.ts'), '--no-demo', ...flags],
    {
      env: { ...process.env, MILLRACE_DATA_DIR: folder.path, DATABASE_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', chunk => chunks.push(chunk));
  child.stderr.on('data', chunk => chunks.push(chunk));
  launchers.add(child);
  return {
    child,
    output: () => Buffer.concat(chunks).toString(),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended: once(child, 'close').then(([code, signal]) => code ?? signal),
  };
}

async function launchUntilReady(port: number): Promise<Launcher> {
  const launcher = launch('--port', String(port));
  await until(
    () =>
      launcher.output().includes('Millrace is ready') || launcher.hasEnded(),
    { what: 'the portal to be ready', timeoutMs: START_MS },
  );
  assert.equal(launcher.hasEnded(), false, launcher.output());
  return launcher;
}

/** Processes that were told of our data directory, by argument or environment. */
async function processesOfLauncher(): Promise<string[]> {
  const pids = (await fs.readdir('/proc')).filter(name => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async pid => {
      const [command, environment] = await Promise.all(
        ['cmdline', 'environ'].map(file =>
          fs.readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => ''),
        ),
      );
      const isOurs = `${command}\0${environment}`.includes(folder.path);
      return isOurs ? `${pid} ${command.split('\0').join(' ')}` : '';
    }),
  );
  return found.filter(entry => entry !== '');
}

async function untilNothingIsLeft(): Promise<void> {
  let left: string[] = [];
  await until(
    async () => {
      left = await processesOfLauncher();
      return left.length === 0;
    },
    { what: 'every process to be gone', timeoutMs: STOP_MS },
  ).catch(cause => {
    throw new Error(`Left behind:\n${left.join('\n')}`, { cause });
  });
}

describe('npm start', () => {
  it('names who holds its port', async () => {
    const port = await findFreePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const { ended, output } = launch('--port', String(port));
    assert.equal(await ended, 1);
    assert.match(
      output(),
      new RegExp(`${port} is taken by process ${process.pid}`),
    );
    server.close();
  });

  it('runs once per data directory, and leaves nothing when it is killed', async () => {
    const port = await findFreePort();
    const first = await launchUntilReady(port);
    const page = await fetch(`http://localhost:${port}/`);
    assert.equal(page.status, 200);

    const second = launch('--port', String(await findFreePort()));
    assert.equal(await second.ended, 1);
    assert.match(second.output(), new RegExp(`process ${first.child.pid}`));

    first.child.kill('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    await untilNothingIsLeft();
  });

  it('starts again, and takes everything down when the portal crashes', async () => {
    const launcher = await launchUntilReady(await findFreePort());
    const portal = (await processesOfLauncher()).find(entry =>
      entry.includes('packages/backend/src/index.ts'),
    );
    process.kill(Number.parseInt(portal!, 10), 'SIGKILL');
    assert.equal(await launcher.ended, 1);
    assert.match(launcher.output(), /ended unexpectedly \(killed by SIGKILL\)/);
    assert.deepEqual(await processesOfLauncher(), []);
  });

  it('leaves nothing after Ctrl-C, which npm and the terminal both send', async () => {
    const launcher = await launchUntilReady(await findFreePort());
    launcher.child.kill('SIGINT');
    launcher.child.kill('SIGINT');
    assert.equal(await launcher.ended, INTERRUPTED, launcher.output());
    assert.deepEqual(await processesOfLauncher(), []);
  });
});

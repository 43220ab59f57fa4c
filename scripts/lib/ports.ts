import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import { promisify } from 'node:util';
import { Failure } from './failure.mjs';
import { readCommandLine } from './processes.ts';

const LISTEN_STATE = '0A'; // As /proc/net/tcp writes it.
const SHOWN_COMMAND_CHARACTERS = 120;
const WILDCARD_AND_LOOPBACK = ['::', '0.0.0.0', '127.0.0.1'];

/** A process that listens on a port, as far as this machine tells us. */
export interface PortHolder {
  pid: number;
  command: string;
}

/** A port that nothing listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Whether we could listen on the port, on every address of this machine. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of WILDCARD_AND_LOOPBACK) {
    if ((await tryListen(port, host)) === 'taken') {
      return false;
    }
  }
  return true;
}

/** Throws a `Failure` that names the holder when the port is taken. */
export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port)) {
    return;
  }
  const holder = await findPortHolder(port);
  const who = holder
    ? `by process ${holder.pid} (${holder.command.slice(
        0,
        SHOWN_COMMAND_CHARACTERS,
      )})`
    : 'by a process that this user may not look at';
  throw new Failure(`Port ${port} is taken ${who}.`, {
    wayOut: `Stop it${
      holder ? ` (kill ${holder.pid})` : ''
    }, or choose another port: npm start -- --port ${port + 1}`,
  });
}

/** Who listens on a port; undefined when nobody does or we may not know. */
export async function findPortHolder(
  port: number,
): Promise<PortHolder | undefined> {
  return process.platform === 'linux'
    ? await findHolderInProc(port)
    : await findHolderWithLsof(port);
}

function tryListen(port: number, host: string): Promise<'free' | 'taken'> {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      // A machine without IPv6 cannot listen on '::', which takes no port.
      resolve(
        error.code === 'EADDRINUSE' || error.code === 'EACCES'
          ? 'taken'
          : 'free',
      ),
    );
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve('free')),
    );
  });
}

async function findHolderInProc(port: number): Promise<PortHolder | undefined> {
  const inodes = await listeningInodes(port);
  const entries = await fs.readdir('/proc');
  for (const pid of entries.filter(name => /^\d+$/.test(name)).map(Number)) {
    if (await holdsSocket(pid, inodes)) {
      return { pid, command: (await readCommandLine(pid)) ?? 'unknown' };
    }
  }
  return undefined;
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const table = await fs.readFile(file, 'utf8').catch(() => '');
    for (const line of table.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(wanted) && columns[3] === LISTEN_STATE) {
        inodes.add(`socket:[${columns[9]}]`);
      }
    }
  }
  return inodes;
}

async function holdsSocket(
  pid: number,
  sockets: Set<string>,
): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await fs.readdir(folder).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await fs
      .readlink(`${folder}/${descriptor}`)
      .catch(() => undefined);
    if (target && sockets.has(target)) {
      return true;
    }
  }
  return false;
}

async function findHolderWithLsof(
  port: number,
): Promise<PortHolder | undefined> {
  const { stdout } = await promisify(execFile)('lsof', [
    '-nP',
    `-iTCP:${port}`,
    '-sTCP:LISTEN',
    '-Fp',
  ]).catch(() => ({ stdout: '' }));
  const pid = Number(/^p(\d+)/m.exec(stdout)?.[1]);
  return pid
    ? { pid, command: (await readCommandLine(pid)) ?? 'unknown' }
    : undefined;
}

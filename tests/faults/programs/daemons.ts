/**
 * Starts a daemon in a session of its own, and another through a process that ends
 * at once, so that its parent is init. Both ignore the signals that ask to end, and
 * leave a file `<run>.daemon.<pid>`. With `--exit` it then ends with success.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const DAEMONS = 2;
const LOOK_MS = 20;

const { FAULTS_FOLDER, MILLRACE_RUN_ID } = process.env;
const prefix = `${MILLRACE_RUN_ID}.daemon.`;

function startDetached(role: string): void {
  spawn(process.execPath, [fileURLToPath(import.meta.url), role], {
    detached: true,
    stdio: 'ignore',
  }).unref();
}

function waitForDaemons(): void {
  const timer = setInterval(() => {
    const files = fs.readdirSync(FAULTS_FOLDER!);
    if (files.filter(name => name.startsWith(prefix)).length === DAEMONS) {
      fs.writeSync(1, 'ready\n');
      if (process.argv.includes('--exit')) {
        clearInterval(timer);
      }
    }
  }, LOOK_MS);
}

switch (process.argv[2]) {
  case 'daemon':
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      process.on(signal, () => {});
    }
    fs.writeFileSync(path.join(FAULTS_FOLDER!, `${prefix}${process.pid}`), '');
    setInterval(() => {}, 1_000);
    break;
  case 'fork':
    startDetached('daemon');
    break;
  default:
    startDetached('daemon');
    startDetached('fork');
    waitForDaemons();
}

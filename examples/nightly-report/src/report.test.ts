import { spawn } from 'node:child_process';
import path from 'node:path';

const SCRIPT = path.resolve(__dirname, '../report.sh');

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** What had been printed when the first bytes arrived. */
  firstOutput: string;
}

function runReport(...args: string[]): Promise<Ended> {
  // Nothing but PATH, as in the clean environment of a run
  const child = spawn(SCRIPT, args, { env: { PATH: process.env.PATH } });
  let stdout = '';
  let stderr = '';
  let firstOutput = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
    firstOutput ||= stdout;
  });
  child.stderr.on('data', chunk => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', exitCode =>
      resolve({ exitCode, stdout, stderr, firstOutput }),
    );
  });
}

describe('nightly report', () => {
  it('reports system, disks and processes line by line and succeeds', async () => {
    const { exitCode, stdout, firstOutput } = await runReport();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Nightly report, \d{4}-\d\d-\d\d /);
    expect(stdout).toMatch(/== Disks ==\n(.+ GB of .+ GB used \(\d+%\)\n)+/);
    expect(stdout).toMatch(/== Processes ==\n[1-9]\d*\ttotal\n/);
    expect(stdout).toMatch(/\nReport finished\n$/);
    expect(firstOutput).toContain('Nightly report');
    expect(firstOutput).not.toContain('Report finished');
  });

  it('fails after the whole report when it is told to, and says so on stderr', async () => {
    const { exitCode, stdout, stderr } = await runReport('--fail');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nReport finished, one check failed\n$/);
    expect(stderr).toContain('warning: a check failed');
    expect(stdout).not.toContain('warning:');
  });

  it('refuses an argument that it does not know', async () => {
    const { exitCode, stdout, stderr } = await runReport('--fial');
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      "error: unknown argument '--fial'; usage: report.sh [--fail]\n",
    );
  });
});

import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { StarvedReport } from '../__testUtils__/starvedDriver';

const DRIVER = [
  process.execPath,
  '--require',
  require.resolve('@backstage/cli/config/nodeTransform.cjs'),
  path.join(__dirname, '../__testUtils__/starvedDriver.ts'),
];
/** The number of processes is limited for everybody but root. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? ['setpriv', '--reuid=65534', '--clear-groups', '--']
    : [];

jest.setTimeout(60_000);

describe('the process engine of a worker', () => {
  let workRoot: string;

  beforeEach(() => {
    workRoot = mkdtempSync(path.join(tmpdir(), 'millrace-starved-'));
    chmodSync(workRoot, 0o777);
  });
  afterEach(() => {
    rmSync(workRoot, { recursive: true, force: true });
  });

  it.each([
    {
      what: 'descriptors',
      prefix: ['bash', '-c', 'ulimit -n 256; exec "$@"', 'starved'],
      refusal: /open files of this worker.*'ulimit -n'/,
    },
    {
      what: 'processes',
      prefix: AS_NOBODY,
      refusal:
        /No process can be started .*EAGAIN.* limits of this worker's host/,
    },
  ])(
    'that runs out of $what says so, loses nothing of what is running, and recovers',
    async ({ what, prefix, refusal }) => {
      const [program, ...args] = [...prefix, ...DRIVER, what, workRoot];
      const { stdout } = await promisify(execFile)(program, args, {
        env: { PATH: process.env.PATH },
      });
      const report: StarvedReport = JSON.parse(stdout);

      expect(report.refusal).toMatch(refusal);
      expect(report.first).toEqual({
        end: { kind: 'exited', exitCode: 0 },
        lines: Array.from({ length: 100 }, (_, n) => `${n + 1}\n`),
      });
      expect(report.second).toEqual({ kind: 'exited', exitCode: 3 });
    },
  );
});

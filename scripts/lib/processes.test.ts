import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.ts';
import { isAlive, startProcess } from './processes.ts';

const PROCESSES = pathToFileURL(inRoot('scripts/lib/processes.ts')).href;
const EXIT_WITH_PARENT = inRoot('scripts/lib/exit-with-parent.cjs');

async function untilGone(pid: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} is still there`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

describe('a managed process', () => {
  it('keeps its last words and how it ended', async () => {
    const lines: string[] = [];
    const child = await startProcess({
      name: 'test',
      command: process.execPath,
      args: ['-e', 'console.log("one\\ntwo"); process.exitCode = 3'],
      onLine: line => lines.push(line),
    });
    assert.deepEqual(await child.exited, { code: 3, signal: null });
    assert.equal(child.log(), 'one\ntwo\n');
    assert.deepEqual(lines, ['one', 'two']);
  });

  it('is killed with its children when it does not stop in time', async () => {
    const child = await startProcess({
      name: 'test',
      command: '/bin/sh',
      args: ['-c', 'trap "" TERM; sleep 1000 & echo $!; wait'],
    });
    while (!child.log().includes('\n')) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    const grandchild = Number(child.log());
    const { signal } = await child.stop({ graceMs: 100 });
    assert.equal(signal, 'SIGKILL');
    await untilGone(grandchild);
  });

  it('says that a program does not exist', async () => {
    await assert.rejects(
      startProcess({ name: 'test', command: '/no/such/program', args: [] }),
      /ENOENT/,
    );
  });

  it('ends when the program that started it is killed', async () => {
    const child = `{
      name: 'child', command: process.execPath,
      args: ['--require', ${JSON.stringify(EXIT_WITH_PARENT)},
        '-e', 'setInterval(() => {}, 1000)'] }`;
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { startProcess } from ${JSON.stringify(PROCESSES)};
       const { pid } = await startProcess(${child});
       console.log(pid);`,
    ]);
    const [output] = await once(parent.stdout, 'data');
    const pid = Number(String(output));
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await untilGone(pid);
  });
});

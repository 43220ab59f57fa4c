import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { makeTemporaryFolder } from '../lib/temporaryFolder.ts';
import { identityOf } from './processIdentity.mjs';
import { listAbandoned, Spool } from './Spool.mjs';

const temporary = makeTemporaryFolder('spool');
after(() => temporary.remove());

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(temporary.path, 'root-'));
});

const BEGIN = {
  type: 'begin' as const,
  at: '2026-11-21T10:00:00.000Z',
  portal: 'https://portal.example.org',
  reporter: 'cron',
  externalId: '4711',
  report: { pipelineId: 'nightly' },
};

/** As if the process that made it had been killed. */
function abandon(spool: Spool): string {
  spool.close();
  const owner = { ...identityOf(process.pid), started: 'long ago' };
  fs.writeFileSync(
    path.join(spool.folder, 'owner.json'),
    JSON.stringify(owner),
  );
  return spool.folder;
}

describe('a spool', () => {
  it('tells the same story to whoever comes after a crash', () => {
    const spool = Spool.create(root, BEGIN);
    spool.appendLog('stdout', Buffer.from('one\n'));
    spool.appendLog('stdout', Buffer.from('two\n'));
    spool.appendLog('stderr', Buffer.from([0, 255, 10]));
    spool.append({ type: 'progress', progress: 0.5 });
    const told = spool.story.report({ ended: false });
    const folder = abandon(spool);
    // The record that was being written
    fs.appendFileSync(path.join(folder, 'journal.ndjson'), '{"type":"prog');

    const adopted = Spool.adopt(folder)!;
    assert.deepEqual(adopted.story.report({ ended: false }), told);
    assert.deepEqual(adopted.story.segments, [
      { stream: 'stdout', from: 0, to: 8 },
      { stream: 'stderr', from: 8, to: 11 },
    ]);
    assert.deepEqual(
      [...adopted.readLog(4, 11)],
      [...Buffer.from('two\n'), 0, 255, 10],
    );
    adopted.append({ type: 'summary', text: 'done' });
    assert.equal(adopted.story.report({ ended: false }).sequence, 5);
  });

  it('keeps bytes of the log whose record is missing', () => {
    const spool = Spool.create(root, BEGIN);
    spool.appendLog('stderr', Buffer.from('one\n'));
    const folder = abandon(spool);
    fs.appendFileSync(path.join(folder, 'log'), 'two');
    const adopted = Spool.adopt(folder)!;
    assert.equal(adopted.story.logBytes, 7);
    assert.equal(adopted.readLog(0, 7).toString(), 'one\ntwo');
  });

  it('is left alone while its owner lives, and adopted once when not', () => {
    const spool = Spool.create(root, BEGIN);
    assert.deepEqual(listAbandoned(root), []);
    assert.equal(Spool.adopt(spool.folder), undefined);
    const folder = abandon(spool);
    assert.deepEqual(listAbandoned(root), [folder]);
    const adopted = Spool.adopt(folder)!;
    assert.equal(Spool.adopt(folder), undefined);
    adopted.release();
    assert.deepEqual(listAbandoned(root), [folder]);
    Spool.adopt(folder)!.remove();
    assert.deepEqual(fs.readdirSync(root), []);
  });

  it('is adopted by one of many that want it at once', async () => {
    const folder = abandon(Spool.create(root, BEGIN));
    const module = new URL('Spool.mjs', import.meta.url).href;
    const program = `
      const { Spool } = await import(${JSON.stringify(module)});
      const won = Spool.adopt(${JSON.stringify(folder)}) !== undefined;
      process.stdout.write(won ? 'won' : 'lost');
      process.stdin.resume();`; // An owner lives until all have tried.
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const answers = await Promise.all(
      children.map(async child => {
        const [answer] = await once(child.stdout, 'data');
        return String(answer);
      }),
    );
    children.forEach(child => child.stdin.end());
    assert.deepEqual(answers.sort(), [
      'lost',
      'lost',
      'lost',
      'lost',
      'lost',
      'won',
    ]);
  });

  it('can be read by its owner only', () => {
    const { folder } = Spool.create(root, BEGIN);
    for (const name of ['', ...fs.readdirSync(folder)]) {
      assert.equal(fs.statSync(path.join(folder, name)).mode & 0o077, 0, name);
    }
  });
});

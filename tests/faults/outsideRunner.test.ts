import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inRoot } from '../../scripts/lib/paths.ts';
import { findFreePort } from '../../scripts/lib/ports.ts';
import { until } from '../harness/index.ts';
import { IS_FULL, report } from './support/figures.ts';
import { OutsideBench } from './support/OutsideBench.ts';

const RUN_ONCE = inRoot('scripts/run-pipeline-once.mjs');
const COMMAND_MS = IS_FULL ? 5 * 60_000 : 0;

const sh = (script: string) => ['sh', '-c', script];
const say = (message: object) =>
  `echo '::millrace::${JSON.stringify(message)}'`;

let bench: OutsideBench;
before(async () => {
  bench = await OutsideBench.open({
    nested: {
      command: sh(
        [
          `exec node ${RUN_ONCE} --quiet --reporter nightly-cron`,
          '--pipeline nested --id inner --portal "$OUTSIDE_PORTAL"',
          '--token-file "$OUTSIDE_TOKEN_FILE" --spool "$OUTSIDE_SPOOL"',
          `-- node ${inRoot('tests/faults/programs/sayStep.ts')}`,
        ].join(' '),
      ),
      env: ['OUTSIDE_PORTAL', 'OUTSIDE_TOKEN_FILE', 'OUTSIDE_SPOOL'],
    },
  });
});
after(() => bench?.close());

/** A command that prints until it is told to end. */
function nightly() {
  const folder = fs.mkdtempSync(path.join(bench.folder, 'nightly-'));
  const printed = () => {
    const file = path.join(folder, 'printed');
    return fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0);
  };
  return {
    command: [
      process.execPath,
      inRoot('tests/faults/programs/nightly.ts'),
      folder,
    ],
    printed,
    /** Waits until it has printed some more. */
    prints: async () => {
      const before_ = printed().length;
      await until(() => printed().length > before_ + 10_000, {
        what: 'the command to print on',
      });
    },
    end: (code: number) =>
      fs.writeFileSync(path.join(folder, 'end'), `${code}`),
  };
}

const sha256 = (bytes: Buffer) =>
  createHash('sha256').update(bytes).digest('hex');

const wrapFlags = (id: string) => ['--pipeline', 'server-backup', '--id', id];

describe('a command that is reported', () => {
  it('is whole in the portal though that restarts twice meanwhile', async t => {
    const { command, printed, prints, end } = nightly();
    const startedAt = Date.now();
    const runner = bench.start([...wrapFlags('restarts'), '--', ...command]);
    await bench.reaches('restarts', 'running');
    await prints();
    await bench.portal.restart();
    await prints();
    bench.portal.kill('SIGKILL');
    await bench.portal.exited();
    await prints();
    await bench.portal.restart();
    await until(() => Date.now() - startedAt >= COMMAND_MS, {
      what: 'the command to have run for its time',
      timeoutMs: COMMAND_MS + 60_000,
      pollMs: 1_000,
    });
    await prints();
    end(3);

    assert.equal(await runner.code, 3);
    assert.equal(bench.waiting().length, 0, runner.stderr);
    const run = await bench.reaches('restarts', 'failed');
    assert.deepEqual(
      { error: run.error?.exitCode, origin: run.origin },
      { error: 3, origin: 'reported' },
    );
    const stored = await bench.rawLog(run.id);
    assert.equal(stored.length, printed().length);
    assert.equal(sha256(stored), sha256(printed()));
    assert.ok(Buffer.from(runner.stdout).includes('the last line has no end'));
    const events = await bench.items<{ name: string; to: string }>(
      run.id,
      'events',
    );
    assert.deepEqual(
      events.map(event => [event.name, event.to]),
      [
        ['reported', 'failed'],
        ['reported', 'running'],
      ],
    );
    const steps = await bench.items<{ name: string; state: string }>(
      run.id,
      'steps',
    );
    assert.deepEqual(
      steps.map(({ name }) => name),
      steps.map((_, index) => `part ${index + 1}`),
    );
    assert.ok(steps.length > 3);
    report(
      t,
      'seconds of the command',
      Math.round((Date.now() - startedAt) / 1_000),
    );
    report(t, 'bytes of its log, all there', stored.length);
  });

  it('waits on disk when the portal is away, and is sent later', async () => {
    const spool = path.join(bench.folder, 'away');
    const away = `http://127.0.0.1:${await findFreePort()}`;
    const { code, stdout } = await bench.run(
      [...wrapFlags('away'), '--', 'echo', 'nobody hears'],
      { spool, portal: away },
    );
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'nobody hears\n' });
    assert.equal(bench.waiting(spool).length, 1);

    const other = await bench.run(['--drain'], { spool });
    assert.match(other.stderr, /0 runs sent, 0 left/, 'of another portal');
    assert.equal(bench.waiting(spool).length, 1);

    // As if it had been our portal that was away
    const [name] = bench.waiting(spool);
    const journal = path.join(spool, name, 'journal.ndjson');
    const text = fs.readFileSync(journal, 'utf8');
    fs.writeFileSync(journal, text.replace(away, bench.portal.url));
    const drained = await bench.run(['--drain'], { spool });
    assert.equal(drained.code, 0);
    assert.match(drained.stderr, /1 runs sent, 0 left/);
    assert.deepEqual(bench.waiting(spool), []);
    const run = await bench.reaches('away', 'succeeded');
    assert.equal((await bench.rawLog(run.id)).toString(), 'nobody hears\n');
  });

  it('is told honestly when what watched over it was killed', async () => {
    const { command, printed, prints, end } = nightly();
    const killed = bench.start([...wrapFlags('killed'), '--', ...command]);
    await bench.reaches('killed', 'running');
    await prints();
    killed.child.kill('SIGKILL');
    await killed.code;
    assert.equal((await bench.find('killed'))?.state, 'running');

    const { code } = await bench.run([...wrapFlags('next'), '--', 'true']);
    assert.equal(code, 0);
    const run = await bench.reaches('killed', 'unknown');
    assert.equal(run.foreignState, 'interrupted');
    assert.match(
      run.error!.message,
      /What watched over the command was killed/,
    );
    assert.ok(run.finishedAt);
    const stored = await bench.rawLog(run.id);
    assert.ok(printed().subarray(0, stored.length).equals(stored));
    assert.deepEqual(bench.waiting(), []);
    await bench.reaches('next', 'succeeded');
    end(0); // Where the command has outlived it
  });

  it('says what its protocol lines say, and keeps its files', async () => {
    const { code } = await bench.run(
      [
        ...wrapFlags('protocol'),
        ...['--title', 'Backup of the north', '--label', 'site=north'],
        ...['--param', 'server=db-1', '--secret', 'PASSWORD', '--'],
        ...sh(
          [
            say({ type: 'step', name: 'copy', status: 'running' }),
            say({ type: 'progress', progress: 0.5, message: 'half' }),
            'echo "the password is $PASSWORD"',
            'echo hello > "$MILLRACE_ARTIFACTS_DIR/report.txt"',
            say({ type: 'artifact', path: 'report.txt' }),
            say({ type: 'metric', name: 'files', value: 3 }),
            say({ type: 'output', name: 'plan', json: { files: ['a'] } }),
            say({ type: 'step', name: 'copy', status: 'succeeded' }),
            say({ type: 'summary', text: 'All copied' }),
          ].join('\n'),
        ),
      ],
      { env: { PASSWORD: 'hunter2-hunter2' } },
    );
    assert.equal(code, 0);
    const run = await bench.reaches('protocol', 'succeeded');
    assert.equal(run.title, 'Backup of the north');
    assert.deepEqual(run.labels, { site: 'north' });
    assert.deepEqual(run.parameters, { server: 'db-1' });
    assert.equal(run.summary, 'All copied');
    assert.equal(run.progress, 0.5);
    assert.equal(
      (await bench.rawLog(run.id)).toString(),
      'the password is [redacted]\n',
    );
    const [step] = await bench.items<Record<string, string>>(run.id, 'steps');
    assert.deepEqual([step.name, step.state], ['copy', 'succeeded']);
    const [artifact] = await bench.items<Record<string, string>>(
      run.id,
      'artifacts',
    );
    assert.deepEqual(
      [artifact.name, artifact.sha256],
      ['report.txt', sha256(Buffer.from('hello\n'))],
    );
    const [output] = await bench.items<{ json: unknown }>(run.id, 'outputs');
    assert.deepEqual(output.json, { files: ['a'] });
  });

  it('warns of an id that was used before', async () => {
    await bench.run([...wrapFlags('twice'), '--', 'true']);
    const { code, stderr } = await bench.run([
      ...[...wrapFlags('twice'), '--'],
      ...sh('exit 9'),
    ]);
    assert.equal(code, 9);
    assert.match(stderr, /Run 'twice' is succeeded already/);
    assert.equal((await bench.find('twice'))?.state, 'succeeded');
  });

  it('is a part of the run of ours that it is executed by', async () => {
    const { code, stderr } = await bench.run([
      ...['--submit', '--follow', '--pipeline', 'nested', '--id', 'nested'],
    ]);
    assert.equal(code, 0, stderr);
    const id = /Run ([0-9a-f-]{36})/.exec(stderr)![1];
    assert.equal((await bench.find('inner'))?.id, id);
    const events = await bench.items<{
      name: string;
      actor: string;
      details: { state: string };
    }>(id, 'events');
    assert.deepEqual(
      events
        .filter(({ actor }) => actor === 'reporter:nightly-cron')
        .map(({ name, details }) => [name, details.state]),
      [
        ['reported', 'succeeded'],
        ['attached', 'running'],
      ],
    );
    // The portal has what it printed, once, and the steps that it told of.
    assert.equal((await bench.rawLog(id)).toString(), 'inside\n');
    const [step] = await bench.items<{ name: string }>(id, 'steps');
    assert.equal(step.name, 'copy');
    const [{ count }] = await bench.postgres.query<{ count: string }>(
      `select count(*) from runs where pipeline_id = 'nested'`,
    );
    assert.equal(Number(count), 1);
  });
});

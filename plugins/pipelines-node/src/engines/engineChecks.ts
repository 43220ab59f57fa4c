import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AttemptEnd } from './Engine';
import type { EngineTrial } from './EngineTrial';
import { LEASE_CHECKS } from './leaseChecks';
import { PAUSE_CHECKS } from './pauseChecks';

/** One promise of engines, and how to find out whether an engine keeps it. @public */
export interface EngineCheck {
  title: string;
  /** @throws an error that says what the engine does instead */
  check(trial: EngineTrial): Promise<void>;
}

const SECRET = 'contract-s3cret-value';

function isSuccess(end: AttemptEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}

function assertGrowing(positions: number[]): void {
  const grown = [...new Set(positions)].sort((a, b) => a - b);
  assert.deepEqual(positions, grown);
}

const BASIC_CHECKS: readonly EngineCheck[] = [
  {
    title: 'finds no problem in good definitions',
    async check({ engine, subject }) {
      for (const definition of Object.values(subject.definitions)) {
        assert.deepEqual(engine.checkDefinition(definition), []);
      }
    },
  },
  {
    title: 'tells the problems of a bad definition in sentences',
    async check(trial) {
      const problems = trial.engine.checkDefinition({
        ...trial.definition('succeeds'),
        command: undefined,
        options: { 'no such option': true },
      });
      assert.match(problems.join(), /no such option/);
    },
  },
  {
    title: 'delivers the success, and the log where it declares one',
    async check(trial) {
      const { attempt, sink } = await trial.start('succeeds');
      assert.deepEqual(await trial.endOf(attempt), {
        kind: 'exited',
        exitCode: 0,
      });
      assert.equal(
        sink.text(),
        trial.engine.capabilities.logs ? 'hello\n' : '',
      );
    },
  },
  {
    title: 'never takes a failure for a success',
    async check(trial) {
      const { attempt } = await trial.start('fails');
      assert.ok(!isSuccess(await trial.endOf(attempt)));
    },
  },
  {
    title:
      'delivers each line once and in order, with positions that grow, where it declares a log',
    async check(trial) {
      if (!trial.engine.capabilities.logs) {
        return;
      }
      const { attempt, sink } = await trial.start('counts');
      await trial.endOf(attempt);
      const expected = Array.from({ length: 10_000 }, (_, n) => `${n}\n`);
      assert.equal(sink.text(), expected.join(''));
      assertGrowing(sink.batches.map(({ position }) => position));
    },
  },
  {
    title: 'makes no call while an earlier one is not answered',
    async check(trial) {
      const context = trial.context('counts');
      let waiting = 0;
      let highest = 0;
      context.sink.onCall = async () => {
        waiting += 1;
        highest = Math.max(highest, waiting);
        await new Promise(resolve => setImmediate(resolve));
        waiting -= 1;
      };
      const { attempt } = await trial.startWith(context);
      await trial.endOf(attempt);
      assert.ok(highest <= 1, `${highest} calls at once`);
    },
  },
  {
    title: 'delivers messages apart from the log',
    async check(trial) {
      const { attempt, sink } = await trial.start('speaks');
      await trial.endOf(attempt);
      assert.deepEqual(sink.messages, [
        { type: 'step', name: 'one', status: 'running' },
      ]);
      assert.equal(sink.text(), '');
      assertGrowing(sink.messagePositions);
    },
  },
  {
    title: 'offers the artifacts that a run makes, where it declares artifacts',
    async check(trial) {
      if (!trial.engine.capabilities.artifacts) {
        return;
      }
      let content = '';
      const context = trial.context('makes');
      context.sink.message = async message => {
        if (message.type === 'artifact') {
          assert.equal(message.name, 'made.txt');
          assert.ok(path.isAbsolute(message.path));
          content = await readFile(message.path, 'utf8');
        }
      };
      const { attempt } = await trial.startWith(context);
      assert.ok(isSuccess(await trial.endOf(attempt)));
      assert.equal(content.trim(), 'made', 'no artifact was offered');
    },
  },
  {
    title: 'hides the secret parameters in whatever it delivers',
    async check(trial) {
      if (!trial.subject.definitions.tells) {
        return;
      }
      const { attempt, sink } = await trial.start('tells', {
        parameters: { secret: SECRET },
        secretValues: [SECRET],
      });
      assert.ok(isSuccess(await trial.endOf(attempt)));
      assert.ok(sink.lines > 0, 'the parameter was not logged');
      const said = sink.text() + JSON.stringify(sink.messages);
      assert.ok(!said.includes(SECRET), 'the secret is in the log');
    },
  },
  {
    title: 'begins at a step with the artifacts of the run before',
    async check(trial) {
      if (!trial.subject.definitions.resumes) {
        return;
      }
      const artifactsFolder = await mkdtemp(path.join(tmpdir(), 'contract-'));
      try {
        const made = path.join(artifactsFolder, 'made.txt');
        await writeFile(made, 'made', { mode: 0o400 });
        const resume = { step: 'two', runId: 'run-before', artifactsFolder };
        const { attempt, sink } = await trial.start('resumes', { resume });
        assert.ok(isSuccess(await trial.endOf(attempt)));
        assert.equal(sink.text(), 'two made\n');
      } finally {
        await rm(artifactsFolder, { recursive: true });
      }
    },
  },
  {
    title:
      'ends when it is cancelled, however often, and says that it was stopped',
    async check(trial) {
      assert.ok(trial.engine.capabilities.cancel, 'it declares no cancel');
      const { attempt, sink } = await trial.start('runsUntilCancelled');
      if (trial.engine.capabilities.logs) {
        await trial.until('It logs', () => sink.lines > 0);
      }
      attempt.cancel({ force: false });
      attempt.cancel({ force: false });
      attempt.cancel({ force: true });
      const end = await trial.endOf(attempt);
      assert.ok('stopped' in end && end.stopped, JSON.stringify(end));
      attempt.cancel({ force: true });
      attempt.leaseRenewed();
    },
  },
  {
    title:
      'ends as lost and calls the sink no more once the sink has refused a call',
    async check(trial) {
      const context = trial.context('counts');
      let calls = 0;
      context.sink.onCall = async () => {
        calls += 1;
        throw new Error('The lease is lost');
      };
      const { attempt } = await trial.startWith(context);
      const { kind } = await trial.endOf(attempt);
      if (trial.engine.capabilities.logs) {
        assert.equal(kind, 'lost');
        assert.equal(calls, 1);
      }
    },
  },
  {
    title: 'rejects the start with a sentence when it cannot start',
    async check(trial) {
      if (trial.subject.definitions.cannotStart) {
        await assert.rejects(trial.start('cannotStart'), /\w+ \w+/);
      }
    },
  },
  {
    title: 'says that an attempt is lost of which nothing is known',
    async check(trial) {
      const context = trial.context('succeeds');
      const end = await trial.engine.recover?.({ ...context, resumeFrom: 0 });
      assert.equal(end?.kind ?? 'lost', 'lost');
      assert.deepEqual(context.sink.batches, []);
    },
  },
];

/** Every promise of engines; see {@link describeEngineContract}. @public */
export const ENGINE_CHECKS: readonly EngineCheck[] = [
  ...BASIC_CHECKS,
  ...LEASE_CHECKS,
  ...PAUSE_CHECKS,
];

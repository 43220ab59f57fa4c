import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineDefinition,
} from './Engine';
import { ContractSink } from './ContractSink';

/**
 * What {@link describeEngineContract} needs of an engine: the engine, and definitions of small
 * pipelines for it.
 *
 * @public
 */
export interface EngineContractSubject {
  engine: Engine;
  definitions: {
    /** Logs the line `hello` on stdout, then succeeds. */
    succeeds: EngineDefinition;
    /** Fails by itself. */
    fails: EngineDefinition;
    /** Logs the line `up`, then runs until it is cancelled. */
    runsUntilCancelled: EngineDefinition;
    /** Logs the lines `0` to `9999`, then succeeds. */
    counts: EngineDefinition;
    /** Says the message `{type: 'step', name: 'one', status: 'running'}`, then succeeds. */
    speaks: EngineDefinition;
    /** Is good for {@link Engine.checkDefinition} but cannot be started; if there is such. */
    cannotStart?: EngineDefinition;
  };
  /** Called after each test. */
  close(): Promise<void>;
}

let started = 0;

function contextOf(
  definition: EngineDefinition,
  sink: ContractSink,
): AttemptContext {
  started += 1;
  const runId = `contract-${process.pid}-${started}`;
  return {
    runId,
    attempt: 1,
    idempotencyKey: runId,
    definition,
    parameters: {},
    sink,
  };
}

async function start(
  subject: EngineContractSubject,
  name: 'succeeds' | 'fails' | 'runsUntilCancelled' | 'counts' | 'speaks',
  sink = new ContractSink(),
) {
  const context = contextOf(subject.definitions[name], sink);
  return { attempt: await subject.engine.start(context), sink };
}

function isSuccess(end: AttemptEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}

/**
 * Declares the tests (Jest) that every engine has to pass.
 *
 * @param name - of the engine, for the titles
 * @param open - makes a fresh subject for each test
 * @public
 */
export function describeEngineContract(
  name: string,
  open: () => Promise<EngineContractSubject>,
): void {
  // Taken when they are called for: this package is also loaded where there is no test runner.
  const { describe, it, beforeEach, afterEach, expect } =
    globalThis as typeof globalThis & { expect: jest.Expect };
  describe(`engine contract of ${name}`, () => {
    let subject: EngineContractSubject;

    beforeEach(async () => {
      subject = await open();
    });

    afterEach(async () => {
      await subject.close();
    });

    it('finds no problem in good definitions', () => {
      for (const definition of Object.values(subject.definitions)) {
        expect(subject.engine.checkDefinition(definition)).toEqual([]);
      }
    });

    it('tells the problems of a bad definition in sentences', () => {
      const definition = {
        ...subject.definitions.succeeds,
        command: undefined,
        options: { 'no such option': true },
      };
      const problems = subject.engine.checkDefinition(definition);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join()).toContain('no such option');
    });

    it('delivers the log and the success', async () => {
      const { attempt, sink } = await start(subject, 'succeeds');
      expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
      expect(sink.text()).toBe('hello\n');
    });

    it('never takes a failure for a success', async () => {
      const { attempt } = await start(subject, 'fails');
      expect(isSuccess(await attempt.end)).toBe(false);
    });

    it('delivers each line once and in order, with positions that grow', async () => {
      const { attempt, sink } = await start(subject, 'counts');
      await attempt.end;
      const expected = Array.from({ length: 10_000 }, (_, n) => `${n}\n`);
      expect(sink.text()).toBe(expected.join(''));
      const positions = sink.batches.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    });

    it('makes no call while an earlier one is not answered', async () => {
      const sink = new ContractSink();
      let waiting = 0;
      let highest = 0;
      sink.onCall = async () => {
        waiting += 1;
        highest = Math.max(highest, waiting);
        await new Promise(resolve => setImmediate(resolve));
        waiting -= 1;
      };
      const { attempt } = await start(subject, 'counts', sink);
      await attempt.end;
      expect(highest).toBe(1);
    });

    it('delivers messages apart from the log', async () => {
      const { attempt, sink } = await start(subject, 'speaks');
      await attempt.end;
      expect(sink.messages).toEqual([
        { type: 'step', name: 'one', status: 'running' },
      ]);
      expect(sink.text()).toBe('');
    });

    it('ends when it is cancelled, however often, and says that it was stopped', async () => {
      const { attempt, sink } = await start(subject, 'runsUntilCancelled');
      expect(subject.engine.capabilities.cancel).toBe(true);
      await sink.logged;
      attempt.cancel({ force: false });
      attempt.cancel({ force: false });
      attempt.cancel({ force: true });
      expect(await attempt.end).toMatchObject({ stopped: true });
      attempt.cancel({ force: true });
      attempt.leaseRenewed();
    });

    it('ends as lost and calls the sink no more once the sink has refused', async () => {
      const sink = new ContractSink();
      let calls = 0;
      sink.onCall = async () => {
        calls += 1;
        throw new Error('The lease is lost');
      };
      const { attempt } = await start(subject, 'counts', sink);
      expect(await attempt.end).toMatchObject({ kind: 'lost' });
      expect(calls).toBe(1);
    });

    it('rejects the start with a sentence when it cannot start', async () => {
      const { cannotStart } = subject.definitions;
      if (cannotStart) {
        const context = contextOf(cannotStart, new ContractSink());
        await expect(subject.engine.start(context)).rejects.toThrow(/\w+ \w+/);
      }
    });

    it('says that an attempt is lost of which nothing is known', async () => {
      const { engine, definitions } = subject;
      const sink = new ContractSink();
      const context = contextOf(definitions.succeeds, sink);
      const end = await engine.recover?.({ ...context, resumeFrom: 0 });
      expect(end?.kind ?? 'lost').toBe('lost');
      expect(sink.batches).toEqual([]);
    });
  });
}

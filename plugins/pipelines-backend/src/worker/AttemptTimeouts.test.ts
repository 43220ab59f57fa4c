import type {
  AttemptSink,
  RunnerMessage,
} from '@millrace/backstage-plugin-pipelines-node';
import type { ExceededTimeout } from '../queue';
import { AttemptTimeouts, type TimeoutLimits } from './AttemptTimeouts';

const LINE = {
  lines: [{ stream: 'stdout' as const, bytes: Buffer.from('x\n') }],
  position: 1,
};

describe('AttemptTimeouts', () => {
  let exceeded: ExceededTimeout[];
  let sink: AttemptSink;
  let store: () => Promise<void>;

  beforeEach(() => {
    jest.useFakeTimers();
    exceeded = [];
    store = async () => {};
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function begin(limits: TimeoutLimits): AttemptTimeouts {
    const timeouts = new AttemptTimeouts(limits, timeout => {
      exceeded.push(timeout);
    });
    sink = timeouts.listenTo({ log: () => store(), message: () => store() });
    timeouts.run();
    return timeouts;
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const step = (
    name: string,
    status: Extract<RunnerMessage, { type: 'step' }>['status'],
  ) => sink.message({ type: 'step', name, status });

  it('says that the whole attempt takes too long, not counting pauses', async () => {
    const timeouts = begin({ timeoutMs: 100 });
    await pass(60);
    timeouts.hold();
    await pass(10_000);
    timeouts.run();
    await pass(39);
    expect(exceeded).toEqual([]);
    await pass(1);
    expect(exceeded).toEqual([{ what: 'run', limitMs: 100 }]);
  });

  it('says which step takes too long, of those that are running', async () => {
    const timeouts = begin({ stepTimeoutMs: 100 });
    await step('load', 'running');
    await step('later', 'pending');
    await pass(60);
    await step('load', 'running');
    await step('check', 'running');
    await step('load', 'succeeded');
    await pass(60);
    timeouts.hold();
    await pass(1_000);
    timeouts.run();
    await pass(39);
    expect(exceeded).toEqual([]);
    await pass(1);
    expect(exceeded).toEqual([{ what: 'step', limitMs: 100, step: 'check' }]);
  });

  it('says that nothing was written for too long, be it log or messages', async () => {
    const timeouts = begin({ noOutputTimeoutMs: 100 });
    for (let round = 0; round < 5; round++) {
      await pass(90);
      await sink.log(LINE);
      await pass(90);
      await sink.message({ type: 'progress', progress: 0.5 });
    }
    timeouts.hold();
    await pass(1_000);
    timeouts.run();
    await pass(99);
    expect(exceeded).toEqual([]);
    await pass(1);
    expect(exceeded).toEqual([{ what: 'no-output', limitMs: 100 }]);
  });

  it('is patient while what was written is being stored', async () => {
    begin({ noOutputTimeoutMs: 100 });
    let stored!: () => void;
    store = () =>
      new Promise(resolve => {
        stored = resolve;
      });
    const storing = sink.log(LINE);
    await pass(10_000);
    stored();
    await storing;
    await pass(99);
    expect(exceeded).toEqual([]);
    await pass(1);
    expect(exceeded).toHaveLength(1);
  });

  it('has no limits where none are defined, and ends with the attempt', async () => {
    begin({});
    await step('load', 'running');
    await pass(1_000_000);
    expect(exceeded).toEqual([]);

    const timeouts = begin({
      timeoutMs: 10,
      stepTimeoutMs: 10,
      noOutputTimeoutMs: 10,
    });
    await step('load', 'running');
    timeouts.hold();
    await sink.log(LINE);
    await pass(1_000);
    expect(exceeded).toEqual([]);
  });
});

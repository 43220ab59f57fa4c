import { findChanges } from './findChanges';
import type { ComparedRun } from './types';

const run = (fields: Partial<ComparedRun> = {}): ComparedRun => ({
  trigger: 'schedule',
  submitter: 'schedule:nightly',
  parameters: {},
  version: '1.0.0',
  settings: 3,
  attempts: 1,
  host: 'host-a',
  metrics: {},
  steps: new Map(),
  ...fields,
});
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const step = (durationMs: number, hasSucceeded = true) => ({
  durationMs,
  hasSucceeded,
});

describe('findChanges', () => {
  it('finds nothing without a success, and nothing where all is as it was', () => {
    expect(findChanges(run({ version: '2' }), [])).toEqual([]);
    expect(
      findChanges(
        run(),
        times(3, () => run()),
      ),
    ).toEqual([]);
  });

  it('compares with the newest success, and puts first what was rarest among all', () => {
    const successes = times(10, index =>
      run({
        host: index % 2 ? 'host-b' : 'host-a',
        version: index < 8 ? '1.0.0' : '0.9.0',
      }),
    );
    const failed = run({
      host: 'host-b',
      version: '0.9.0',
      settings: 4,
      submitter: 'schedule:nightly',
    });
    expect(findChanges(failed, successes)).toEqual([
      { subject: 'settings', before: 3, after: 4, seenIn: 0 },
      { subject: 'version', before: '1.0.0', after: '0.9.0', seenIn: 2 },
      { subject: 'worker', before: 'host-a', after: 'host-b', seenIn: 5 },
    ]);
  });

  it('compares parameters by path, also in lists and by keys with dots', () => {
    const successes = [
      run({
        parameters: { 'a.b': 1, url: 'x', tags: ['p'], old: null, same: {} },
      }),
      run({ parameters: { 'a.b': 2, url: 'y', tags: ['p', 'q'] } }),
    ];
    const failed = run({
      parameters: { 'a.b': 2, url: 'z', tags: ['p', { q: 1 }], same: {} },
    });
    expect(findChanges(failed, successes)).toEqual([
      {
        subject: 'parameter',
        name: 'url',
        before: 'x',
        after: 'z',
        seenIn: 0,
      },
      { subject: 'parameter', name: 'tags.1', after: '{"q":1}', seenIn: 0 },
      { subject: 'parameter', name: 'a.b', before: 1, after: 2, seenIn: 1 },
      { subject: 'parameter', name: 'old', before: null, seenIn: 1 },
    ]);
  });

  it('cuts long values, and still tells them apart', () => {
    const long = 'x'.repeat(5_000);
    const [change] = findChanges(run({ parameters: { text: `${long}1` } }), [
      run({ parameters: { text: `${long}2` } }),
    ]);
    expect(change.seenIn).toBe(0);
    expect(String(change.after)).toHaveLength(301);
  });

  it('tells of what started it, and of a worker only where there was one', () => {
    const upstream = { pipelineId: 'extract', version: '1', settings: 1 };
    const failed = run({
      host: undefined,
      upstream: { ...upstream, version: '2' },
      resumedFrom: 'load',
    });
    expect(findChanges(failed, [run({ upstream })])).toEqual([
      { subject: 'upstream-version', before: '1', after: '2', seenIn: 0 },
      { subject: 'resumed-from', after: 'load', seenIn: 0 },
    ]);
  });

  it('tells of durations and volumes that are outside of what is usual', () => {
    const successes = times(20, index =>
      run({
        steps: new Map([
          ['load', step(10_000 + index * 100)],
          ['index', step(index === 5 ? 90_000 : 30_000)],
        ]),
        metrics: { rows: 1_000 + index, warnings: index % 3 ? 0 : 50 },
      }),
    );
    const failed = run({
      steps: new Map([
        ['load', step(10_900)],
        ['index', step(80_000)],
        ['publish', step(10)],
      ]),
      metrics: { rows: 90_000, warnings: 0, errors: 7 },
    });
    expect(findChanges(failed, successes)).toEqual([
      { subject: 'new-step', name: 'publish', after: 'publish', seenIn: 0 },
      {
        subject: 'metric',
        name: 'rows',
        before: 1_000,
        after: 90_000,
        seenIn: 0,
      },
      {
        subject: 'step-duration',
        name: 'index',
        before: 30_000,
        after: 80_000,
        seenIn: 1,
      },
    ]);
  });

  it('asks for more of a difference where there are few to compare with', () => {
    const success = run({ steps: new Map([['load', step(10_000)]]) });
    const after = (ms: number) =>
      findChanges(run({ steps: new Map([['load', step(ms)]]) }), [success]);
    expect(after(19_000)).toEqual([]);
    expect(after(20_000)).toHaveLength(1);
    expect(after(5_000)).toHaveLength(1);
  });

  it('does not blame a step for being cut off, nor a clock for its noise', () => {
    const success = run({
      steps: new Map([
        ['load', step(60_000)],
        ['check', step(10)],
      ]),
      durationMs: 60_000,
    });
    const failed = run({
      steps: new Map([
        ['load', step(2_000, false)],
        ['check', step(900)],
      ]),
    });
    expect(findChanges(failed, [success])).toEqual([]);
    expect(findChanges(run({ durationMs: 2_000 }), [success])).toEqual([]);
    expect(findChanges(run({ durationMs: 200_000 }), [success])).toMatchObject([
      { subject: 'duration', before: 60_000, after: 200_000 },
    ]);
  });
});

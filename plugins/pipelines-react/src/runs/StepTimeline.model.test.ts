import { aRun, aStep } from '../testing/runFactory';
import { layOutSteps } from './StepTimeline.model';

const at = (second: number) =>
  Date.parse('2026-10-01T12:00:00.000Z') + second * 1_000;

it('puts steps and the waiting before them on one axis', () => {
  const model = layOutSteps({
    run: aRun('succeeded', { finishedAt: new Date(at(20)).toISOString() }),
    steps: [
      aStep('download', 'succeeded', 2, 10),
      aStep('load', 'succeeded', 12, 20),
    ],
    nowMs: at(99),
  });
  expect(model.waitMs).toBe(2_000);
  expect(model.rows[0].segments).toEqual([
    { kind: 'wait', start: 0, width: 0.1 },
    { kind: 'run', start: 0.1, width: 0.4 },
  ]);
  expect(model.rows[1].segments[0]).toMatchObject({ kind: 'wait', start: 0.5 });
  expect(model.rows[1].segments[1]).toMatchObject({ kind: 'run', start: 0.6 });
  expect(model.rows.map(row => row.share)).toEqual([0.5, 0.5]);
});

it('leaves a long wait out unless it is asked for', () => {
  const options = {
    run: aRun('succeeded', { finishedAt: new Date(at(3_610)).toISOString() }),
    steps: [aStep('load', 'succeeded', 3_600, 3_610)],
    nowMs: at(4_000),
  };
  const squeezed = layOutSteps(options);
  expect(squeezed.showsWait).toBe(false);
  expect(squeezed.rows[0].segments).toEqual([
    { kind: 'run', start: 0, width: 1 },
  ]);
  expect(layOutSteps({ ...options, showWait: true }).startMs).toBe(at(0));
});

it('lets a running step grow up to now, and draws nothing for one that has not begun', () => {
  const options = {
    run: aRun('running'),
    steps: [aStep('encode', 'running', 2), aStep('publish', 'pending')],
  };
  const early = layOutSteps({ ...options, nowMs: at(12) });
  const late = layOutSteps({ ...options, nowMs: at(42) });
  expect(early.rows[0].durationMs).toBe(10_000);
  expect(late.rows[0].durationMs).toBe(40_000);
  expect(late.rows[1].segments).toEqual([]);
  expect(late.rows[1].durationMs).toBeUndefined();
});

it('stays an axis when clocks disagree or nothing took any time', () => {
  const model = layOutSteps({
    run: aRun('running', { queuedAt: new Date(at(50)).toISOString() }),
    steps: [aStep('load', 'succeeded', 2, 2)],
    nowMs: at(1),
  });
  expect(model.endMs).toBeGreaterThan(model.startMs);
  for (const { start, width } of model.rows[0].segments) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(start + width).toBeLessThanOrEqual(1);
  }
});

it('has at most seven marks on the axis, however long it is', () => {
  for (const seconds of [1, 59, 3_600, 86_400 * 40]) {
    const { ticks } = layOutSteps({
      run: aRun('running'),
      steps: [aStep('load', 'running', 0)],
      nowMs: at(seconds),
    });
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(7);
  }
});

import type {
  Timeline,
  TimelineRun,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  axisOf,
  barsOf,
  linesOf,
  plannedOf,
  timelineCountsOf,
} from './FleetTimeline.model';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
/** 36 px to the hour, from midnight on. */
const SCALE = { originMs: NOW - 12 * HOUR_MS, pxPerMs: 36 / HOUR_MS };
const px = Math.round;

const run = (
  start: number,
  end: number | undefined,
  state: TimelineRun['state'] = 'succeeded',
): TimelineRun => ({
  id: `${start}-${end}-${state}`,
  state,
  start: SCALE.originMs + start * HOUR_MS,
  ...(end !== undefined && { end: SCALE.originMs + end * HOUR_MS }),
});
const spansOf = (runs: TimelineRun[]) =>
  barsOf(runs, SCALE, NOW).map(({ left, width, runs: of }) => [
    px(left),
    px(width),
    of.length,
  ]);

it('draws runs where they were, none narrower than two px, and those that go on until now', () => {
  expect(
    spansOf([run(1, 2), run(4, 4), run(11, undefined, 'running')]),
  ).toEqual([
    [36, 36, 1],
    [144, 2, 1],
    [396, 36, 1],
  ]);
});

it('makes one bar of those that cannot be told apart, in the worst of their states', () => {
  const bars = barsOf(
    [run(2, 3), run(1, 2), run(2.5, 2.6, 'failed'), run(2.7, 4, 'cancelled')],
    SCALE,
    NOW,
  );
  expect(bars).toHaveLength(1);
  expect(bars[0]).toMatchObject({
    left: 36,
    width: 108,
    state: 'failed',
    failed: 1,
  });
  expect(bars[0].runs).toHaveLength(4);
  expect(spansOf([run(1, 2), run(2.1, 3)])).toHaveLength(2);
});

it('has fewer bars than px however many runs there are', () => {
  const runs = Array.from({ length: 10_000 }, (_, index) =>
    run((index / 10_000) * 12, (index / 10_000) * 12 + 0.0001),
  );
  expect(barsOf(runs, SCALE, NOW).length).toBeLessThan(12 * 36);
});

it('draws planned starts that are still to come, as far as they can be told apart', () => {
  const at = (hour: number) => SCALE.originMs + hour * HOUR_MS;
  expect(
    plannedOf([at(11), at(13), at(13.05), at(14)], SCALE, NOW).map(({ left }) =>
      px(left),
    ),
  ).toEqual([468, 504]);
});

it('counts what a window has', () => {
  const runs = [run(0, 1), run(1, 5, 'lost'), run(4, undefined, 'paused')];
  const window = {
    fromMs: SCALE.originMs + 2 * HOUR_MS,
    toMs: SCALE.originMs + 4 * HOUR_MS,
  };
  expect(timelineCountsOf(runs, window)).toEqual({
    total: 1,
    running: 0,
    succeeded: 0,
    failed: 1,
  });
  expect(timelineCountsOf(runs, { ...window, toMs: NOW }).running).toBe(1);
});

it('groups pipelines below their owners, those without one last', () => {
  const pipeline = (id: string, owner?: string) => ({
    id,
    title: id,
    owner,
    runs: [],
    planned: [],
  });
  const timeline: Timeline = {
    from: '',
    to: '',
    asOf: '',
    hasMorePipelines: false,
    pipelines: [
      pipeline('a', 'group:b'),
      pipeline('b'),
      pipeline('c', 'group:a'),
    ],
  };
  expect(
    linesOf(timeline).map(line =>
      line.kind === 'owner' ? line.owner : line.pipeline.id,
    ),
  ).toEqual(['group:a', 'c', 'group:b', 'a', undefined, 'b']);
});

it('has ticks on round times, far enough apart, and names each day once', () => {
  const ticks = axisOf(NOW - 20 * HOUR_MS, NOW + 4 * HOUR_MS, SCALE);
  expect(ticks.length).toBeGreaterThan(8);
  expect(ticks[1].left - ticks[0].left).toBeGreaterThanOrEqual(64);
  expect(ticks.every(({ atMs }) => atMs % (30 * 60_000) === 0)).toBe(true);
  expect(ticks.filter(({ isNewDay }) => isNewDay)).toHaveLength(
    new Set(ticks.map(({ atMs }) => new Date(atMs).toDateString())).size,
  );
});

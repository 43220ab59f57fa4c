import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { heatMapOf, levelOf, valueOf } from './CalendarHeatMap.model';

const HOUR_MS = 3_600_000;

function history(
  from: string,
  hours: number,
  count: number,
  fields: Partial<StatsHistory> = {},
): StatsHistory {
  const at = (index: number) =>
    new Date(Date.parse(from) + index * hours * HOUR_MS).toISOString();
  return {
    from: at(0),
    to: at(count),
    asOf: at(count),
    bucket: hours === 1 ? 'hour' : 'day',
    timezone: 'UTC',
    buckets: Array.from({ length: count }, (_, index) => ({
      start: at(index),
      end: at(index + 1),
      total: index,
      byState: { succeeded: index },
    })),
    ...fields,
  };
}

it('has weeks from Monday on as columns', () => {
  // A Saturday
  const map = heatMapOf(history('2026-11-21T00:00:00Z', 24, 10));
  expect(map.columns).toHaveLength(3);
  expect(map.rows.map(({ cells }) => cells.map(cell => cell?.total))).toEqual([
    [undefined, 2, 9],
    [undefined, 3, undefined],
    [undefined, 4, undefined],
    [undefined, 5, undefined],
    [undefined, 6, undefined],
    [0, 7, undefined],
    [1, 8, undefined],
  ]);
});

it('has days as rows, newest first, and the hours of their zone as columns', () => {
  const map = heatMapOf(
    history('2026-11-20T22:00:00Z', 1, 3, { timezone: 'Europe/Berlin' }),
  );
  expect(map.rows).toHaveLength(2);
  expect(map.rows[0].cells[0]).toMatchObject({ total: 1 });
  expect(map.rows[0].cells[1]).toMatchObject({ total: 2 });
  expect(map.rows[1].cells[23]).toMatchObject({ total: 0 });
  expect(map.rows[1].cells[22]).toBeUndefined();
});

it('adds up the hour that comes twice', () => {
  const map = heatMapOf(
    history('2026-10-25T00:00:00Z', 1, 3, { timezone: 'Europe/Berlin' }),
  );
  expect(map.rows[0].cells[2]).toEqual({
    start: '2026-10-25T00:00:00.000Z',
    end: '2026-10-25T02:00:00.000Z',
    total: 1,
    failed: 0,
  });
});

it('counts what failed, and colours by what is asked for', () => {
  const { buckets, ...rest } = history('2026-11-16T00:00:00Z', 24, 1);
  const map = heatMapOf({
    ...rest,
    buckets: [
      {
        ...buckets[0],
        total: 8,
        byState: { succeeded: 4, failed: 1, lost: 1, cancelled: 2 },
      },
    ],
  });
  const cell = map.rows[0].cells[0]!;
  expect(valueOf(cell, 'total')).toBe(8);
  expect(valueOf(cell, 'failed')).toBe(2);
  expect(valueOf(cell, 'rate')).toBe(0.25);
  expect([0, 1, 50, 51, 100].map(value => levelOf(value, 100))).toEqual([
    0, 1, 2, 3, 4,
  ]);
  expect(levelOf(0, 0)).toBe(0);
});

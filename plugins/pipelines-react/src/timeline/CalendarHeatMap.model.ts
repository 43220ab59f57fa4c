import {
  UNSUCCESSFUL_RUN_STATES,
  type StatsBucket,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';

/** What the colour of a cell tells. @public */
export type CalendarMetric = 'total' | 'failed' | 'rate';

/** Steps of colour of cells that are not empty. @internal */
export const HEAT_LEVELS = 4;

const DAY_MS = 86_400_000;
const HOURS = 24;
const WEEKDAYS = 7;

/** A day or hour with what ended in it. @internal */
export interface HeatCell {
  /** ISO 8601. */
  start: string;
  end: string;
  total: number;
  failed: number;
}

/** A line of cells; undefined where the calendar has none. @internal */
export interface HeatRow {
  /** A moment in the day that the row is about, or of its weekday. */
  at: string;
  cells: (HeatCell | undefined)[];
}

/** Cells in rows, and what stands above their columns. @internal */
export interface HeatMap {
  rows: HeatRow[];
  /** The hour of each column, or the first day of each week. */
  columns: string[];
}

/** The value of a cell by which it is coloured; the rate is from 0 to 1. @internal */
export function valueOf(cell: HeatCell, metric: CalendarMetric): number {
  if (metric === 'rate') {
    return cell.total > 0 ? cell.failed / cell.total : 0;
  }
  return cell[metric];
}

/** The step of colour, 0 for nothing. @internal */
export function levelOf(value: number, most: number): number {
  return most > 0 ? Math.ceil((value / most) * HEAT_LEVELS) : 0;
}

/** Days in weeks as columns, or hours in days as rows, in the zone in which they were cut. @internal */
export function heatMapOf(history: StatsHistory): HeatMap {
  return history.bucket === 'day' ? weeksOf(history) : daysOf(history);
}

function weeksOf({ buckets, timezone }: StatsHistory): HeatMap {
  const rows = Array.from(
    { length: WEEKDAYS },
    (): HeatRow => ({ at: '', cells: [] }),
  );
  const columns: string[] = [];
  const placeOf = placesIn(timezone);
  let firstWeek: number | undefined;
  for (const bucket of buckets) {
    const day = Date.parse(placeOf(bucket.start).day) / DAY_MS;
    // The first of January 1970 was a Thursday; weeks begin on Monday.
    const week = Math.floor((day + 3) / WEEKDAYS);
    firstWeek ??= week;
    const row = rows[(day + 3) % WEEKDAYS];
    row.at ||= bucket.start;
    row.cells[week - firstWeek] = cellOf(bucket);
    columns[week - firstWeek] ??= bucket.start;
  }
  return { rows: rows.map(row => padded(row, columns.length)), columns };
}

function daysOf({ buckets, timezone }: StatsHistory): HeatMap {
  const rows = new Map<string, HeatRow>();
  const placeOf = placesIn(timezone);
  for (const bucket of buckets) {
    const { day, hour } = placeOf(bucket.start);
    const row = rows.get(day) ?? { at: bucket.start, cells: [] };
    rows.set(day, row);
    // The hour that comes twice when clocks go back is one cell.
    row.cells[hour] = added(row.cells[hour], cellOf(bucket));
  }
  return {
    rows: [...rows.values()].map(row => padded(row, HOURS)).reverse(),
    columns: Array.from({ length: HOURS }, (_, hour) => String(hour)),
  };
}

function placesIn(
  timeZone: string,
): (at: string) => { day: string; hour: number } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  return at => {
    const parts = Object.fromEntries(
      format
        .formatToParts(new Date(at))
        .map(({ type, value }) => [type, value]),
    );
    return {
      day: `${parts.year}-${parts.month}-${parts.day}`,
      hour: Number(parts.hour),
    };
  };
}

function cellOf({ start, end, total, byState }: StatsBucket): HeatCell {
  const failed = UNSUCCESSFUL_RUN_STATES.reduce(
    (sum, state) => sum + (byState[state] ?? 0),
    0,
  );
  return { start, end, total, failed };
}

function added(cell: HeatCell | undefined, more: HeatCell): HeatCell {
  return cell
    ? {
        start: cell.start,
        end: more.end,
        total: cell.total + more.total,
        failed: cell.failed + more.failed,
      }
    : more;
}

function padded({ at, cells }: HeatRow, length: number): HeatRow {
  return { at, cells: Array.from({ length }, (_, index) => cells[index]) };
}

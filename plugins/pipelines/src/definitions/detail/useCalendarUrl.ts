import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { CalendarMetric } from '@millrace/backstage-plugin-pipelines-react';
import type { UnknownValue } from '../../runs/runsUrl';
import { isIsoTime } from '../../ui/timeRange';

/** What the cells of the calendar can be. */
export const CALENDAR_GRAINS = ['day', 'hour'] as const;

/** One of {@link CALENDAR_GRAINS}. */
export type CalendarGrain = (typeof CALENDAR_GRAINS)[number];

/** What the colour of its cells can tell. */
export const CALENDAR_METRICS = [
  'total',
  'failed',
  'rate',
] as const satisfies readonly CalendarMetric[];

const DAY_MS = 86_400_000;
/** What is shown at once: a year by day, four weeks by hour. */
const PERIOD_DAYS: Record<CalendarGrain, number> = { day: 364, hour: 28 };
const GRAIN_MS: Record<CalendarGrain, number> = {
  day: DAY_MS,
  hour: DAY_MS / 24,
};

/** What the address says of the calendar of a pipeline. */
export interface CalendarUrl {
  by: CalendarGrain;
  metric: CalendarMetric;
  /** What is shown, ISO 8601. */
  from: string;
  to: string;
  /** Whether the period ends now, so that none is later. */
  isLatest: boolean;
  unknown: UnknownValue[];
  chooseBy(by: CalendarGrain): void;
  chooseMetric(metric: CalendarMetric): void;
  /** A period earlier or later. */
  move(direction: 1 | -1): void;
}

/** The address of the calendar as state. */
export function useCalendarUrl(nowMs: number): CalendarUrl {
  const [parameters, setParameters] = useSearchParams();
  const read = useMemo(() => readCalendarUrl(parameters), [parameters]);
  const { by, atMs } = read;
  const grain = GRAIN_MS[by];
  // The same period for as long as the hour or day goes on.
  const toMs = Math.ceil((atMs ?? nowMs) / grain) * grain;
  const periodMs = PERIOD_DAYS[by] * DAY_MS;
  const change = (values: Record<string, string | undefined>) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      for (const [name, value] of Object.entries(values)) {
        if (value) {
          next.set(name, value);
        } else {
          next.delete(name);
        }
      }
      return next;
    });
  return {
    ...read,
    from: new Date(toMs - periodMs).toISOString(),
    to: new Date(toMs).toISOString(),
    isLatest: atMs === undefined,
    chooseBy: next => change({ by: next === 'day' ? undefined : next }),
    chooseMetric: metric =>
      change({ metric: metric === 'total' ? undefined : metric }),
    move: direction => {
      const next = toMs + direction * periodMs;
      change({
        at: next >= nowMs ? undefined : new Date(next).toISOString(),
      });
    },
  };
}

function readCalendarUrl(parameters: URLSearchParams) {
  const [by, metric, at] = ['by', 'metric', 'at'].map(
    name => parameters.get(name) ?? undefined,
  );
  const grain = CALENDAR_GRAINS.find(name => name === (by ?? 'day'));
  const shown = CALENDAR_METRICS.find(name => name === (metric ?? 'total'));
  const isTime = at !== undefined && isIsoTime(at);
  const unknown: UnknownValue[] = [
    ...(by && !grain ? [{ name: 'by', value: by }] : []),
    ...(metric && !shown ? [{ name: 'metric', value: metric }] : []),
    ...(at && !isTime ? [{ name: 'at', value: at }] : []),
  ];
  return {
    by: grain ?? 'day',
    metric: shown ?? 'total',
    ...(isTime && { atMs: Date.parse(at) }),
    unknown,
  } as const;
}

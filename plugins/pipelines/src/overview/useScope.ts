import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useNow } from '@millrace/backstage-plugin-pipelines-react';
import { PIPELINE_ID_PATTERN } from '@millrace/backstage-plugin-pipelines-common';
import type { UnknownValue } from '../runs/runsUrl';
import {
  isIsoTime,
  isTimeRange,
  startOfRange,
  type TimeRange,
} from '../ui/timeRange';

const DEFAULT_RANGE: TimeRange = '-7d';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer periods are shown by day. */
const MAX_HOURLY_MS = 2 * DAY_MS;
const MAX_REF_LENGTH = 300;

/** Which runs the overview is about. */
export interface ScopeFilter {
  /** ISO 8601; the server snaps both to whole buckets. */
  from: string;
  /** Default: now. */
  to?: string;
  bucket: 'hour' | 'day';
  pipeline?: string[];
  owner?: string[];
}

/** The period and the pipelines that the overview is about, as the address says. */
export interface Scope {
  /** The range of time that is chosen; undefined for two times. */
  range: TimeRange | undefined;
  pipeline: string | undefined;
  owner: string | undefined;
  filter: ScopeFilter;
  unknown: UnknownValue[];
  /** Undefined values leave the address; a period ends where it is not told. */
  choose(changes: {
    from?: string;
    to?: string;
    pipeline?: string;
    owner?: string;
  }): void;
}

/** The scope of the address, by default all pipelines in 7 days. */
export function useScope(): Scope {
  const [parameters, setParameters] = useSearchParams();
  const nowMs = useNow(MINUTE_MS);
  const read = useMemo(() => readScope(parameters), [parameters]);
  const { range, from, to, pipeline, owner, unknown } = read;
  const filter = useMemo((): ScopeFilter => {
    const fromMs = from
      ? Date.parse(from)
      : Date.parse(startOfRange(range, nowMs));
    const endMs = to ? Date.parse(to) : nowMs;
    const bucket = endMs - fromMs <= MAX_HOURLY_MS ? 'hour' : 'day';
    // The bucket that is not over is one of those of a range.
    const first = bucket === 'hour' ? HOUR_MS : DAY_MS;
    return {
      from: from ?? new Date(fromMs + first).toISOString(),
      ...(to && { to }),
      bucket,
      ...(pipeline && { pipeline: [pipeline] }),
      ...(owner && { owner: [owner] }),
    };
  }, [range, from, to, pipeline, owner, nowMs]);
  return {
    range: from ? undefined : range,
    pipeline,
    owner,
    filter,
    unknown,
    choose: changes =>
      setParameters(previous => {
        const next = new URLSearchParams(previous);
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined || value === DEFAULT_RANGE) {
            next.delete(name);
          } else {
            next.set(name, value);
          }
        }
        return next;
      }),
  };
}

function readScope(parameters: URLSearchParams) {
  const unknown: UnknownValue[] = [];
  // The Run… dialog, open above this page, has parameters of these names as well.
  const isOurs = !parameters.has('run');
  const read = (name: string, isKnown: (value: string) => boolean) => {
    const value = parameters.get(name) ?? undefined;
    if (value === undefined || isKnown(value)) {
      return value;
    }
    if (isOurs) {
      unknown.push({ name, value });
    }
    return undefined;
  };
  const from = read('from', value => isTimeRange(value) || isIsoTime(value));
  const to = read('to', isIsoTime);
  const isPeriod =
    from !== undefined &&
    !isTimeRange(from) &&
    Date.parse(from) < (to ? Date.parse(to) : Date.now());
  return {
    range: from && isTimeRange(from) ? from : DEFAULT_RANGE,
    from: isPeriod ? from : undefined,
    to: isPeriod ? to : undefined,
    pipeline: read('pipeline', value => PIPELINE_ID_PATTERN.test(value)),
    owner: read(
      'owner',
      value => value.length > 0 && value.length <= MAX_REF_LENGTH,
    ),
    unknown,
  };
}

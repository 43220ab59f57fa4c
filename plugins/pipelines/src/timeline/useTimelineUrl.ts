import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  PIPELINE_ID_PATTERN,
  RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { UnknownValue } from '../runs/runsUrl';
import { isIsoTime } from '../ui/timeRange';
import {
  DEFAULT_RANGE,
  TIMELINE_RANGES,
  type TimelineRange,
} from './timelineWindow';

/** How the timeline can be shown. */
export const TIMELINE_VIEWS = ['chart', 'table'] as const;

/** One of {@link TIMELINE_VIEWS}. */
export type TimelineForm = (typeof TIMELINE_VIEWS)[number];

const MAX_OWNER_LENGTH = 300;

/** What the address of the timeline says. */
export interface TimelineUrl {
  range: TimelineRange;
  /** The time that stands where now would; absent while it moves on with the clock. */
  atMs?: number;
  pipelines: string[];
  owners: string[];
  states: RunState[];
  form: TimelineForm;
  unknown: UnknownValue[];
  /** `replace` makes no step back of it. */
  change(changes: TimelineChanges, options?: { replace?: boolean }): void;
}

/** What can be changed of the address; undefined is the usual value. */
export interface TimelineChanges {
  range?: TimelineRange;
  atMs?: number;
  pipelines?: string[];
  owners?: string[];
  states?: RunState[];
  form?: TimelineForm;
}

/** The address of the timeline as state. */
export function useTimelineUrl(): TimelineUrl {
  const [parameters, setParameters] = useSearchParams();
  const read = useMemo(() => readTimelineUrl(parameters), [parameters]);
  return {
    ...read,
    change: (changes, options) =>
      setParameters(previous => writeTimelineUrl(previous, changes), options),
  };
}

/** Reads the address; values that mean nothing are named and left out. */
export function readTimelineUrl(
  parameters: URLSearchParams,
): Omit<TimelineUrl, 'change'> {
  const unknown: UnknownValue[] = [];
  const list = <TValue extends string>(
    name: string,
    isKnown: (value: string) => value is TValue,
  ): TValue[] => {
    const values = (parameters.get(name) ?? '').split(',').filter(Boolean);
    unknown.push(
      ...values
        .filter(value => !isKnown(value))
        .map(value => ({ name, value })),
    );
    return values.filter(isKnown);
  };
  const one = <TValue extends string>(
    name: string,
    known: readonly TValue[],
    usual: TValue,
  ): TValue => {
    const value = parameters.get(name) ?? usual;
    const found = known.find(item => item === value);
    if (!found) {
      unknown.push({ name, value });
    }
    return found ?? usual;
  };
  const at = parameters.get('at');
  if (at && !isIsoTime(at)) {
    unknown.push({ name: 'at', value: at });
  }
  return {
    range: one('range', TIMELINE_RANGES, DEFAULT_RANGE),
    ...(at && isIsoTime(at) && { atMs: Date.parse(at) }),
    pipelines: list('pipeline', isPipelineId),
    owners: list('owner', isOwner),
    states: list('state', isState),
    form: one('view', TIMELINE_VIEWS, 'chart'),
    unknown,
  };
}

/** Writes changes into the address and leaves the rest of it alone; usual values are left out. */
export function writeTimelineUrl(
  parameters: URLSearchParams,
  changes: TimelineChanges,
): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const set = (name: string, value: string | undefined) => {
    if (value) {
      next.set(name, value);
    } else {
      next.delete(name);
    }
  };
  const { range, atMs, pipelines, owners, states, form } = changes;
  if ('range' in changes) {
    set('range', range === DEFAULT_RANGE ? undefined : range);
  }
  if ('atMs' in changes) {
    set('at', atMs === undefined ? undefined : new Date(atMs).toISOString());
  }
  if ('form' in changes) {
    set('view', form === 'chart' ? undefined : form);
  }
  for (const [name, values] of [
    ['pipeline', pipelines],
    ['owner', owners],
    ['state', states],
  ] as const) {
    if (values) {
      set(name, values.join(','));
    }
  }
  return next;
}

function isPipelineId(value: string): value is string {
  return PIPELINE_ID_PATTERN.test(value);
}

function isOwner(value: string): value is string {
  return value.length <= MAX_OWNER_LENGTH && !value.includes('\0');
}

function isState(value: string): value is RunState {
  return (RUN_STATES as readonly string[]).includes(value);
}

import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { PIPELINE_ID_PATTERN } from '@millrace/backstage-plugin-pipelines-common';
import type { UnknownValue } from '../runs/runsUrl';
import { isTimeRange, type TimeRange } from '../ui/timeRange';

const DEFAULT_RANGE: TimeRange = '-24h';

/** What the address of the queue page says. */
export interface QueueUrl {
  /** Only queued runs of these pipelines; none means all. */
  pipelines: string[];
  /** Only this worker. */
  worker?: string;
  /** Period of the throughput. */
  range: TimeRange;
  unknown: UnknownValue[];
  choosePipelines(pipelines: readonly string[]): void;
  chooseWorker(worker: string | undefined): void;
  chooseRange(range: TimeRange | undefined): void;
}

/** The address of the queue page as state. */
export function useQueueUrl(): QueueUrl {
  const [parameters, setParameters] = useSearchParams();
  const read = useMemo(() => readQueueUrl(parameters), [parameters]);
  const change = (name: string, value: string | undefined) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      if (value) {
        next.set(name, value);
      } else {
        next.delete(name);
      }
      return next;
    });
  return {
    ...read,
    choosePipelines: pipelines => change('pipeline', pipelines.join(',')),
    chooseWorker: worker => change('worker', worker),
    chooseRange: range =>
      change('range', range === DEFAULT_RANGE ? undefined : range),
  };
}

function readQueueUrl(parameters: URLSearchParams) {
  const listed = (parameters.get('pipeline') ?? '').split(',').filter(Boolean);
  const range = parameters.get('range') ?? DEFAULT_RANGE;
  const isKnown = (id: string) => PIPELINE_ID_PATTERN.test(id);
  const unknown: UnknownValue[] = listed
    .filter(id => !isKnown(id))
    .map(value => ({ name: 'pipeline', value }));
  if (!isTimeRange(range)) {
    unknown.push({ name: 'range', value: range });
  }
  return {
    pipelines: listed.filter(isKnown),
    worker: parameters.get('worker') || undefined,
    range: isTimeRange(range) ? range : DEFAULT_RANGE,
    unknown,
  };
}

import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  FAILURE_KINDS,
  FAILURE_STATES,
  PIPELINE_ID_PATTERN,
  type FailureState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { UnknownValue } from '../runs/runsUrl';
import { isTimeRange, type TimeRange } from '../ui/timeRange';

/** What the API takes. */
const MAX_OWNER_LENGTH = 300;

type FailureKind = (typeof FAILURE_KINDS)[number];

const DEFAULT_RANGE: TimeRange = '-7d';

/** What the address of the list of failures says. */
export interface FailuresUrl {
  states: FailureState[];
  pipelines: string[];
  kinds: FailureKind[];
  /** Entity refs of owners. */
  owners: string[];
  text: string;
  range: TimeRange;
  unknown: UnknownValue[];
  chooseStates(states: readonly FailureState[]): void;
  chooseKinds(kinds: readonly FailureKind[]): void;
  chooseOwners(owners: readonly string[]): void;
  chooseText(text: string): void;
  chooseRange(range: TimeRange | undefined): void;
  showAllPipelines(): void;
  /** Only the period stays. */
  clear(): void;
}

/** The address of the list of failures as state. */
export function useFailuresUrl(): FailuresUrl {
  const [parameters, setParameters] = useSearchParams();
  const read = useMemo(() => readFailuresUrl(parameters), [parameters]);
  const change = (
    values: Record<string, string | undefined>,
    options?: { replace: boolean },
  ) =>
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
    }, options);
  return {
    ...read,
    chooseKinds: kinds => change({ kind: kinds.join(',') }),
    chooseOwners: owners => change({ owner: owners.join(',') }),
    chooseStates: states => change({ state: states.join(',') }),
    // Each letter would be a step back otherwise.
    chooseText: text => change({ q: text }, { replace: true }),
    chooseRange: range =>
      change({ range: range === DEFAULT_RANGE ? undefined : range }),
    showAllPipelines: () => change({ pipeline: undefined }),
    clear: () =>
      change({
        state: undefined,
        pipeline: undefined,
        kind: undefined,
        owner: undefined,
        q: undefined,
      }),
  };
}

function readFailuresUrl(parameters: URLSearchParams) {
  const listOf = (name: string) =>
    (parameters.get(name) ?? '').split(',').filter(Boolean);
  const isState = (text: string): text is FailureState =>
    (FAILURE_STATES as readonly string[]).includes(text);
  const isKind = (text: string): text is FailureKind =>
    FAILURE_KINDS.some(kind => kind === text);
  const isOwner = (ref: string) => ref.length <= MAX_OWNER_LENGTH;
  const isPipeline = (id: string) => PIPELINE_ID_PATTERN.test(id);
  const range = parameters.get('range') ?? DEFAULT_RANGE;
  const unknown: UnknownValue[] = [
    ...listOf('state')
      .filter(value => !isState(value))
      .map(value => ({ name: 'state', value })),
    ...listOf('pipeline')
      .filter(id => !isPipeline(id))
      .map(value => ({ name: 'pipeline', value })),
    ...listOf('kind')
      .filter(value => !isKind(value))
      .map(value => ({ name: 'kind', value })),
    ...(isTimeRange(range) ? [] : [{ name: 'range', value: range }]),
  ];
  return {
    states: listOf('state').filter(isState),
    pipelines: listOf('pipeline').filter(isPipeline),
    kinds: listOf('kind').filter(isKind),
    owners: listOf('owner').filter(isOwner),
    text: (parameters.get('q') ?? '').slice(0, 200),
    range: isTimeRange(range) ? range : DEFAULT_RANGE,
    unknown,
  };
}

import { useCallback } from 'react';
import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { runsSearch } from '../runs/runsUrl';
import { useRunLinks } from '../ui/RunLinks';
import type { Scope } from './useScope';

/** A span of time, ISO 8601; one that ends in the future has no end. */
export interface Span {
  from?: string;
  to?: string;
}

/** Paths of the lists of runs behind the numbers of the scope. */
export type HrefOfRuns = (options: {
  span?: Span;
  states?: readonly RunState[];
  pipeline?: string;
}) => string;

/** Links to the runs that a number counts: its states, its span, and the pipelines of the scope. */
export function useScopedRuns(scope: Scope): HrefOfRuns {
  const links = useRunLinks();
  const { pipeline, owner } = scope;
  return useCallback(
    ({ span, states = [], pipeline: only = pipeline }) =>
      links.runs(
        runsSearch({
          state: [...states],
          pipeline: only ? [only] : [],
          owner: owner && !only ? [owner] : [],
          from: span?.from,
          to:
            span?.to && Date.parse(span.to) < Date.now() ? span.to : undefined,
        }),
      ),
    [links, pipeline, owner],
  );
}

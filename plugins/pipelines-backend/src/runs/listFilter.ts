import {
  RUN_STATES,
  type ListRunsQuery,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineSet } from '../permissions';
import type { RunListFilter } from './operations/listRuns';
import { uuidAt } from './uuidAt';

/** What the runs list can be filtered by, besides pipelines that are wanted. */
export type RunsQuery = Pick<
  ListRunsQuery,
  | 'state'
  | 'state.not'
  | 'pipeline.not'
  | 'trigger'
  | 'trigger.not'
  | 'submittedBy'
  | 'label'
  | 'fingerprint'
  | 'q'
  | 'minDuration'
  | 'maxDuration'
  | 'from'
  | 'to'
> &
  Partial<Pick<ListRunsQuery, 'sort'>>;

/**
 * A query of the runs list as bounds of ids, states, and what is left to compare.
 *
 * @param end - the id with which the page before it ended; default the first page
 */
export function listFilter(
  query: RunsQuery,
  pipelines: PipelineSet,
  end?: string,
): RunListFilter {
  const isOldestFirst = query.sort === 'queued';
  const bounds = [
    ...(end && !isOldestFirst ? [end] : []),
    ...(query.to ? [uuidAt(new Date(query.to))] : []),
  ];
  const notPipelines = query['pipeline.not'];
  return {
    ...(pipelines === 'all'
      ? { pipelines, notPipelines }
      : {
          pipelines: pipelines.filter(id => !notPipelines?.includes(id)),
        }),
    states: statesOf(query),
    triggers: query.trigger,
    notTriggers: query['trigger.not'],
    submitters: query.submittedBy,
    labels: query.label,
    fingerprint: query.fingerprint,
    text: query.q,
    minDuration: query.minDuration,
    maxDuration: query.maxDuration,
    from: query.from ? uuidAt(new Date(query.from)) : undefined,
    before: bounds.sort()[0],
    after: isOldestFirst ? end : undefined,
    isOldestFirst,
  };
}

/** The states that are left, because an index finds what is in a state, not what is in none. */
function statesOf(query: RunsQuery): readonly RunState[] | undefined {
  const { state, 'state.not': not } = query;
  return not
    ? (state ?? RUN_STATES).filter(name => !not.includes(name))
    : state;
}

import type { ListRunsQuery } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineSet } from '../permissions';
import type { RunListFilter } from './operations/listRuns';
import { uuidAt } from './uuidAt';

/** What the runs list can be filtered by, besides pipelines. */
export type RunsQuery = Pick<
  ListRunsQuery,
  'state' | 'trigger' | 'from' | 'to'
>;

/**
 * A query of the runs list as bounds of ids.
 *
 * @param before - where the page before it ended; default the newest
 */
export function listFilter(
  query: RunsQuery,
  pipelines: PipelineSet,
  before?: string,
): RunListFilter {
  const bounds = [
    ...(before ? [before] : []),
    ...(query.to ? [uuidAt(new Date(query.to))] : []),
  ];
  return {
    pipelines,
    states: query.state,
    triggers: query.trigger,
    from: query.from ? uuidAt(new Date(query.from)) : undefined,
    before: bounds.sort()[0],
  };
}

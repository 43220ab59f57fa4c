import { useQuery } from '@tanstack/react-query';
import type { PipelineGridFilter } from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { pipelineGridOptions } from './timelineQueries';

/** The newest runs of a pipeline with their steps; the old ones stay while others load. @public */
export function usePipelineGrid(
  pipelineId: string,
  filter: PipelineGridFilter = {},
) {
  return useQuery(pipelineGridOptions(usePipelinesApi(), pipelineId, filter));
}

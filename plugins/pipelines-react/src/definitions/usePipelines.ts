import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usePipelinesApi } from '../api/usePipelinesApi';
import {
  listPipelinesOptions,
  pipelineOptions,
  type PipelinesFilter,
} from './definitionsQueries';

/** Pages of pipelines that the caller may see, by title. @public */
export function usePipelines(filter: PipelinesFilter = {}) {
  return useInfiniteQuery(listPipelinesOptions(usePipelinesApi(), filter));
}

/** One pipeline; nothing is read while the id is undefined. @public */
export function usePipeline(pipelineId: string | undefined) {
  const api = usePipelinesApi();
  return useQuery({
    ...pipelineOptions(api, pipelineId ?? ''),
    enabled: pipelineId !== undefined,
  });
}

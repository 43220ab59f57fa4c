import { useCallback, useMemo } from 'react';
import {
  MAX_PAGE_SIZE,
  type Pipeline,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelines } from '@millrace/backstage-plugin-pipelines-react';
import type { RunColumn } from './runColumns';

const ABOUT_PIPELINES: readonly RunColumn[] = [
  'pipeline',
  'owner',
  'entity',
  'engine',
];

/**
 * Finds the pipeline of a run, for columns that say something about it; of a portal with more
 * than 200 pipelines, the first 200 by title.
 */
export function useColumnPipelines(
  columns: readonly RunColumn[],
): (run: Run) => Pipeline | undefined {
  const isWanted = columns.some(column => ABOUT_PIPELINES.includes(column));
  const { data } = usePipelines({ limit: MAX_PAGE_SIZE });
  const byId = useMemo(() => {
    const known = isWanted ? data?.pages.flatMap(page => page.items) : [];
    return new Map(known?.map(pipeline => [pipeline.id, pipeline]));
  }, [data, isWanted]);
  return useCallback(run => byId.get(run.pipelineId), [byId]);
}

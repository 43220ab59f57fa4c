import type { Entity } from '@backstage/catalog-model';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import {
  listPipelinesOptions,
  statusOf,
  usePipeline,
  usePipelinesApi,
  type PanelQuery,
} from '@millrace/backstage-plugin-pipelines-react';
import { scopeOf } from './scopeOf';

/** Pipelines that are read at once. */
export const MAX_PIPELINES = 50;

/** Pipelines of an entity, and whether there are more than were read. */
export interface PipelinesOf {
  items: Pipeline[];
  hasMore: boolean;
}

/**
 * The pipelines that an entity is about, by title, live.
 *
 * @remarks
 * A pipeline that is gone, or that the person may not see, is none.
 */
export function usePipelinesOf(entity: Entity): PanelQuery<PipelinesOf> {
  const { pipeline: [pipelineId] = [], ...scope } = scopeOf(entity);
  const one = usePipeline(pipelineId);
  const list = useInfiniteQuery({
    ...listPipelinesOptions(usePipelinesApi(), {
      ...scope,
      limit: MAX_PIPELINES,
    }),
    enabled: !pipelineId,
  });
  if (!pipelineId) {
    const page = list.data?.pages[0];
    return {
      ...list,
      data: page && { items: page.items, hasMore: Boolean(page.nextCursor) },
    };
  }
  if (one.error && [403, 404].includes(statusOf(one.error) ?? 0)) {
    return { ...one, error: null, data: { items: [], hasMore: false } };
  }
  return { ...one, data: one.data && { items: [one.data], hasMore: false } };
}

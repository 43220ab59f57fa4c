import { queryOptions } from '@tanstack/react-query';
import {
  MAX_PAGE_SIZE,
  type ViewPage,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';

/** Keys of the cached answers about saved views. @public */
export const viewsKeys = {
  all: ['pipelines', 'views'] as const,
  list: (page: ViewPage) => ['pipelines', 'views', 'list', page] as const,
  view: (viewId: string) => ['pipelines', 'views', 'one', viewId] as const,
};

/** The first 200 views of the caller and of the caller's groups. @public */
export const listViewsOptions = (api: PipelinesApi, page: ViewPage) =>
  queryOptions({
    queryKey: viewsKeys.list(page),
    queryFn: ({ signal }) =>
      api.views.list({ page, limit: MAX_PAGE_SIZE }, { signal }),
  });

/** One view, whosever it is. @public */
export const viewOptions = (api: PipelinesApi, viewId: string) =>
  queryOptions({
    queryKey: viewsKeys.view(viewId),
    queryFn: ({ signal }) => api.views.read(viewId, { signal }),
  });

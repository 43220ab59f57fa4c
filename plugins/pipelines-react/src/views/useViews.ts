import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  CreateViewRequest,
  SavedView,
  UpdateViewRequest,
  ViewPage,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { listViewsOptions, viewOptions, viewsKeys } from './viewsQueries';

/** The first 200 views of a page that are the caller's or of a group of theirs. @public */
export function useViews(page: ViewPage) {
  return useQuery(listViewsOptions(usePipelinesApi(), page));
}

/** One view, whosever it is; nothing is read without an id. @public */
export function useView(viewId: string | undefined) {
  const api = usePipelinesApi();
  return useQuery({
    ...viewOptions(api, viewId ?? ''),
    enabled: viewId !== undefined,
  });
}

/** Saves a new view, and answers with it. @public */
export function useCreateView() {
  return useViewMutation((api, request: CreateViewRequest) =>
    api.views.create(request),
  );
}

/** What {@link useUpdateView} sends. @public */
export type UpdateViewVariables = UpdateViewRequest & { viewId: string };

/** Changes a view; 409 when somebody else has changed it since `revision`. @public */
export function useUpdateView() {
  return useViewMutation((api, { viewId, ...request }: UpdateViewVariables) =>
    api.views.update(viewId, request),
  );
}

/** Deletes a view. @public */
export function useDeleteView() {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (viewId: string) => api.views.delete(viewId),
    onSuccess: ({ id }) =>
      queryClient.removeQueries({ queryKey: viewsKeys.view(id) }),
    onSettled: (_, __, viewId) =>
      queryClient.invalidateQueries({
        queryKey: viewsKeys.all,
        // Nobody is to be told that what they have just deleted is not there.
        predicate: ({ queryKey }) => !queryKey.includes(viewId),
      }),
  });
}

/** A mutation after which views are read again, also after a refusal. */
function useViewMutation<TVariables>(
  act: (api: PipelinesApi, variables: TVariables) => Promise<SavedView>,
) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (variables: TVariables) => act(api, variables),
    onSuccess: view => queryClient.setQueryData(viewsKeys.view(view.id), view),
    onSettled: () => queryClient.invalidateQueries({ queryKey: viewsKeys.all }),
  });
}

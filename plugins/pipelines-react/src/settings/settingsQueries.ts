import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  GlobalSettings,
  PipelineSettings,
  RestoreSettingsRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelinesApi } from '../api/pipelinesApiRef';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { LIVE_COUNTS } from '../live/liveMeta';
import { invalidateAfterAction } from '../runs/runsQueries';
import type { JsonObject } from './values';

/** Whose settings: the id of a pipeline, or undefined for the portal's. @public */
export type SettingsScope = string | undefined;

/** Keys of the cached answers about settings. @public */
export const settingsKeys = {
  one: (scope: SettingsScope) =>
    ['pipelines', 'settings', scope ?? null] as const,
  revisions: (scope: SettingsScope) =>
    ['pipelines', 'settings', scope ?? null, 'revisions'] as const,
};

/** Settings: configured, edited, in force. @public */
export const settingsOptions = (api: PipelinesApi, scope: SettingsScope) =>
  queryOptions({
    queryKey: settingsKeys.one(scope),
    queryFn: ({ signal }) => clientOf(api, scope).read({ signal }),
    meta: LIVE_COUNTS,
  });

/** Pages of revisions, newest first. @public */
export const settingsRevisionsOptions = (
  api: PipelinesApi,
  scope: SettingsScope,
) =>
  infiniteQueryOptions({
    queryKey: settingsKeys.revisions(scope),
    queryFn: ({ pageParam, signal }) =>
      clientOf(api, scope).listRevisions({ cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    meta: LIVE_COUNTS,
  });

/** {@inheritDoc settingsOptions} @public */
export function useSettings(scope: SettingsScope) {
  return useQuery(settingsOptions(usePipelinesApi(), scope));
}

/** {@inheritDoc settingsRevisionsOptions} @public */
export function useSettingsRevisions(scope: SettingsScope) {
  return useInfiniteQuery(settingsRevisionsOptions(usePipelinesApi(), scope));
}

/** What {@link useSaveSettings} sends; the server checks the patch. @public */
export interface SaveSettingsVariables {
  patch: JsonObject;
  /** The revision that was edited; another one in between is a 409. */
  baseRevision: number;
  note?: string;
}

/** Saves a new revision. @public */
export function useSaveSettings(scope: SettingsScope) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (request: SaveSettingsVariables) =>
      scope === undefined
        ? api.settings.save({
            ...request,
            patch: request.patch as GlobalSettings,
          })
        : api.settingsOf(scope).save({
            ...request,
            patch: request.patch as PipelineSettings,
          }),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}

/** What {@link useRestoreSettings} sends. @public */
export interface RestoreSettingsVariables extends RestoreSettingsRequest {
  revision: number;
}

/** Makes a new revision like an old one. @public */
export function useRestoreSettings(scope: SettingsScope) {
  const api = usePipelinesApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ revision, ...request }: RestoreSettingsVariables) =>
      clientOf(api, scope).restore(revision, request),
    onSettled: () => invalidateAfterAction(queryClient),
  });
}

function clientOf(api: PipelinesApi, scope: SettingsScope) {
  return scope === undefined ? api.settings : api.settingsOf(scope);
}

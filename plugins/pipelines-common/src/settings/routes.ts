import type { ApiRoute } from '../http/apiRoute';
import {
  pipelineConfigurePermission,
  pipelineReadPermission,
} from '../permissions/permissions';
import {
  ListRevisionsQuerySchema,
  ListRevisionsResponseSchema,
  RestoreSettingsRequestSchema,
  SaveGlobalSettingsRequestSchema,
  SavePipelineSettingsRequestSchema,
  SettingsSchema,
} from './schema';

/** Operations on settings. @public */
export const settingsRoutes = {
  getPipelineSettings: {
    method: 'get',
    path: '/pipelines/:pipelineId/settings',
    summary: 'Read the settings of a pipeline: configured, edited, in force',
    permission: pipelineReadPermission,
    response: SettingsSchema,
  },
  savePipelineSettings: {
    method: 'put',
    path: '/pipelines/:pipelineId/settings',
    summary: 'Save the settings of a pipeline as a new revision',
    permission: pipelineConfigurePermission,
    body: SavePipelineSettingsRequestSchema,
    response: SettingsSchema,
  },
  listPipelineSettingsRevisions: {
    method: 'get',
    path: '/pipelines/:pipelineId/settings/revisions',
    summary: 'List the revisions of the settings of a pipeline, newest first',
    permission: pipelineReadPermission,
    query: ListRevisionsQuerySchema,
    response: ListRevisionsResponseSchema,
  },
  restorePipelineSettings: {
    method: 'post',
    path: '/pipelines/:pipelineId/settings/revisions/:revision/restore',
    summary: 'Make a new revision like an old one',
    permission: pipelineConfigurePermission,
    body: RestoreSettingsRequestSchema,
    response: SettingsSchema,
  },
  getSettings: {
    method: 'get',
    path: '/settings',
    summary: 'Read the settings of the portal',
    permission: pipelineConfigurePermission,
    response: SettingsSchema,
  },
  saveSettings: {
    method: 'put',
    path: '/settings',
    summary: 'Save the settings of the portal as a new revision',
    permission: pipelineConfigurePermission,
    body: SaveGlobalSettingsRequestSchema,
    response: SettingsSchema,
  },
  listSettingsRevisions: {
    method: 'get',
    path: '/settings/revisions',
    summary: 'List the revisions of the settings of the portal, newest first',
    permission: pipelineConfigurePermission,
    query: ListRevisionsQuerySchema,
    response: ListRevisionsResponseSchema,
  },
  restoreSettings: {
    method: 'post',
    path: '/settings/revisions/:revision/restore',
    summary: 'Make a new revision like an old one',
    permission: pipelineConfigurePermission,
    body: RestoreSettingsRequestSchema,
    response: SettingsSchema,
  },
} as const satisfies Record<string, ApiRoute>;

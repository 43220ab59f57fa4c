import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import {
  ListRevisionsQuerySchema,
  RestoreSettingsRequestSchema,
  SaveGlobalSettingsRequestSchema,
  SavePipelineSettingsRequestSchema,
  type ListRevisionsResponse,
  type Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { z } from 'zod';
import { audited, jsonBody, parse } from '../http';
import type { AuthorizedSettingsService } from './AuthorizedSettingsService';

const RevisionSchema = z.coerce.number().pipe(z.int32().min(1));

/** The two places of settings: those of a pipeline, and those of the portal. */
const PLACES = [
  {
    path: '/pipelines/:pipelineId/settings',
    schema: SavePipelineSettingsRequestSchema,
  },
  { path: '/settings', schema: SaveGlobalSettingsRequestSchema },
] as const;

/** Reading and editing settings and their revisions. */
export function createSettingsRouter(options: {
  settings: AuthorizedSettingsService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { settings, httpAuth, auditor } = options;
  const router = Router();

  for (const { path, schema } of PLACES) {
    router.get(path, async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const found = await settings.read(idOf(req), { credentials });
      res.json(found satisfies Settings);
    });

    router.put(path, jsonBody(), async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const pipelineId = idOf(req);
      const { patch, ...request } = parse(schema, req.body);
      const saved = await audited(
        {
          auditor,
          request: req,
          eventId: 'settings',
          meta: {
            actionType: request.dryRun ? 'check' : 'save',
            baseRevision: request.baseRevision,
            ...(pipelineId !== undefined && { pipelineId }),
          },
          severityLevel: request.dryRun ? 'low' : 'critical',
        },
        () =>
          settings.save(
            pipelineId,
            { ...request, patch: patch as JsonObject },
            { credentials },
          ),
      );
      res.json(saved satisfies Settings);
    });

    router.get(`${path}/revisions`, async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const query = parse(ListRevisionsQuerySchema, req.query);
      const page = await settings.listRevisions(idOf(req), query, {
        credentials,
      });
      res.json(page satisfies ListRevisionsResponse);
    });

    router.post(
      `${path}/revisions/:revision/restore`,
      jsonBody(),
      async (req, res) => {
        const credentials = await httpAuth.credentials(req);
        const pipelineId = idOf(req);
        const revision = parse(RevisionSchema, req.params.revision);
        const request = parse(RestoreSettingsRequestSchema, req.body);
        const saved = await audited(
          {
            auditor,
            request: req,
            eventId: 'settings',
            meta: {
              actionType: 'restore',
              revision,
              baseRevision: request.baseRevision,
              ...(pipelineId !== undefined && { pipelineId }),
            },
            severityLevel: 'critical',
          },
          () =>
            settings.restore(
              pipelineId,
              { ...request, revision },
              { credentials },
            ),
        );
        res.json(saved satisfies Settings);
      },
    );
  }

  return router;
}

/** Undefined for the settings of the portal. */
function idOf(req: { params: Record<string, string> }): string | undefined {
  return req.params.pipelineId;
}

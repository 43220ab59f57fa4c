import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  CreateViewRequestSchema,
  ListViewsQuerySchema,
  UpdateViewRequestSchema,
  type ListViewsResponse,
  type SavedView,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { audited, jsonBody, parse, parseViewId } from '../http';
import type { AuthorizedViewsService } from './AuthorizedViewsService';

/** Saving, reading and deleting views of lists. */
export function createViewsRouter(options: {
  views: AuthorizedViewsService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { views, httpAuth, auditor } = options;
  const router = Router();

  router.get('/views', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(ListViewsQuerySchema, req.query);
    const page = await views.list(query, { credentials });
    res.json(page satisfies ListViewsResponse);
  });

  router.get('/views/:viewId', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const viewId = parseViewId(req.params.viewId);
    const view = await views.read(viewId, { credentials });
    res.json(view satisfies SavedView);
  });

  router.post('/views', jsonBody(), async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const request = parse(CreateViewRequestSchema, req.body);
    const view = await audited(
      {
        auditor,
        request: req,
        eventId: 'view',
        meta: {
          actionType: 'create',
          ...(request.owner !== undefined && { owner: request.owner }),
        },
        severityLevel: 'low',
      },
      () => views.create(request, { credentials }),
    );
    res.status(201).json(view satisfies SavedView);
  });

  router.put('/views/:viewId', jsonBody(), async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const viewId = parseViewId(req.params.viewId);
    const request = parse(UpdateViewRequestSchema, req.body);
    const { owner, revision } = request;
    const view = await audited(
      {
        auditor,
        request: req,
        eventId: 'view',
        meta: { actionType: 'update', viewId, owner, revision },
        severityLevel: 'low',
      },
      () => views.update(viewId, request, { credentials }),
    );
    res.json(view satisfies SavedView);
  });

  router.delete('/views/:viewId', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const viewId = parseViewId(req.params.viewId);
    const view = await audited(
      {
        auditor,
        request: req,
        eventId: 'view',
        meta: { actionType: 'delete', viewId },
        severityLevel: 'low',
      },
      () => views.delete(viewId, { credentials }),
    );
    res.json(view satisfies SavedView);
  });

  return router;
}

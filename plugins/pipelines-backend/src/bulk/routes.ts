import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  BulkRequestSchema,
  ListBulkItemsQuerySchema,
  type Bulk,
  type BulkPreview,
  type ListBulkItemsResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { audited, jsonBody, parse, parseRunId } from '../http';
import type { AuthorizedBulkService } from './AuthorizedBulkService';

/** Actions on many runs; to be mounted before the routes of single runs. */
export function createBulkRouter(options: {
  bulk: AuthorizedBulkService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { bulk, httpAuth, auditor } = options;
  const router = Router();

  router.post('/runs/bulk', jsonBody(), async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const request = parse(BulkRequestSchema, req.body ?? {});
    if (request.dryRun) {
      const preview = await bulk.preview(request, { credentials });
      res.json(preview satisfies BulkPreview);
      return;
    }
    const begun = await audited(
      {
        auditor,
        request: req,
        eventId: 'run',
        meta: { actionType: 'bulk', action: request.action },
      },
      () => bulk.submit(request, { credentials }),
    );
    res.status(201).json(begun satisfies Bulk);
  });

  router.get('/runs/bulk/:bulkId', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const bulkId = parseRunId(req.params.bulkId);
    const found = await bulk.read(bulkId, { credentials });
    res.json(found satisfies Bulk);
  });

  router.get('/runs/bulk/:bulkId/items', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const bulkId = parseRunId(req.params.bulkId);
    const query = parse(ListBulkItemsQuerySchema, req.query);
    const page = await bulk.listItems(bulkId, query, { credentials });
    res.json(page satisfies ListBulkItemsResponse);
  });

  return router;
}

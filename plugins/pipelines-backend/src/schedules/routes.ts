import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  BackfillRequestSchema,
  type Backfill,
  type PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { audited, jsonBody, parse } from '../http';
import type { AuthorizedTriggersService } from './AuthorizedTriggersService';

/** What starts pipelines by itself, and backfills. */
export function createTriggersRouter(options: {
  triggers: AuthorizedTriggersService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { triggers, httpAuth, auditor } = options;
  const router = Router();

  router.get('/pipelines/:pipelineId/triggers', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const found = await triggers.getTriggers(req.params.pipelineId, {
      credentials,
    });
    res.json(found satisfies PipelineTriggers);
  });

  router.post(
    '/pipelines/:pipelineId/backfill',
    jsonBody(),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const { pipelineId } = req.params;
      const request = parse(BackfillRequestSchema, req.body ?? {});
      const backfill = () =>
        triggers.backfill({ pipelineId, request }, { credentials });
      const result = request.dryRun
        ? await backfill()
        : await audited(
            {
              auditor,
              request: req,
              eventId: 'run',
              meta: { actionType: 'backfill', pipelineId },
            },
            backfill,
          );
      res.json(result satisfies Backfill);
    },
  );

  return router;
}

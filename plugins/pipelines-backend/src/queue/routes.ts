import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  CancelRunRequestSchema,
  type CancelRunRequest,
  type RunReceipt,
} from '@millrace/backstage-plugin-pipelines-common';
import { json, type Request } from 'express';
import Router from 'express-promise-router';
import { audited, parse, parseRunId } from '../http';
import { assertStorable } from '../runs';
import type { AuthorizedQueueService } from './AuthorizedQueueService';

/** Cancelling runs, and the workers. */
export function createQueueRouter(options: {
  queue: AuthorizedQueueService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { queue, httpAuth, auditor } = options;
  const router = Router();

  const cancel = async (
    req: Request<{ runId: string }>,
    request: CancelRunRequest,
  ): Promise<RunReceipt> => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    assertStorable('reason', request.reason ?? '');
    return audited(
      {
        auditor,
        request: req,
        eventId: 'run',
        meta: { actionType: 'cancel', runId },
      },
      () => queue.cancelRun({ runId, ...request }, { credentials }),
    );
  };

  router.post('/runs/:runId/cancel', json(), async (req, res) => {
    res.json(await cancel(req, parse(CancelRunRequestSchema, req.body ?? {})));
  });

  router.delete('/runs/:runId', async (req, res) => {
    res.json(await cancel(req, {}));
  });

  router.get('/workers', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({ items: await queue.listWorkers({ credentials }) });
  });

  return router;
}

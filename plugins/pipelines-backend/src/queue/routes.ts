import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  CancelRunRequestSchema,
  ClearQueueRequestSchema,
  ListQueuedRunsQuerySchema,
  PauseRequestBodySchema,
  PauseRunRequestSchema,
  ResumeRequestBodySchema,
  ResumeRunRequestSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Request, Response } from 'express';
import Router from 'express-promise-router';
import type { JsonObject } from '@backstage/types';
import { audited, jsonBody, parse, parseRunId } from '../http';
import { assertStorable } from '../runs';
import type { AuthorizedQueueService } from './AuthorizedQueueService';

/** What ids of workers are made of; anything else is none. */
const WORKER_ID_PATTERN = /^[\x21-\x7e]{1,300}$/;
const MAX_QUOTED_LENGTH = 80;

type Act<TRequest> = (
  request: TRequest,
  options: { credentials: BackstageCredentials },
) => Promise<object>;

/** The queue and its workers; cancelling, pausing and resuming runs. */
export function createQueueRouter(options: {
  queue: AuthorizedQueueService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { queue, httpAuth, auditor } = options;
  const router = Router();

  /** Does what is asked in the name of the caller, and tells the auditor. */
  const act = async <TRequest extends { reason?: string }>(
    req: Request,
    res: Response,
    event: { eventId: string; meta: JsonObject & { actionType: string } },
    request: TRequest,
    action: Act<TRequest>,
  ): Promise<void> => {
    const credentials = await httpAuth.credentials(req);
    assertStorable('reason', request.reason ?? '');
    res.json(
      await audited({ auditor, request: req, ...event }, () =>
        action(request, { credentials }),
      ),
    );
  };

  const cancel = (
    req: Request<{ runId: string }>,
    res: Response,
    body: { reason?: string; force?: boolean },
  ) => {
    const runId = parseRunId(req.params.runId);
    const event = { eventId: 'run', meta: { actionType: 'cancel', runId } };
    return act(req, res, event, { runId, ...body }, (request, caller) =>
      queue.cancelRun(request, caller),
    );
  };
  router.post('/runs/:runId/cancel', jsonBody(), (req, res) =>
    cancel(req, res, parse(CancelRunRequestSchema, req.body ?? {})),
  );
  router.delete('/runs/:runId', (req, res) => cancel(req, res, {}));

  router.post('/runs/:runId/pause', jsonBody(), (req, res) => {
    const runId = parseRunId(req.params.runId);
    const body = parse(PauseRunRequestSchema, req.body ?? {});
    const event = { eventId: 'run', meta: { actionType: 'pause', runId } };
    return act(req, res, event, { runId, ...body }, (request, caller) =>
      queue.pauseRun(request, caller),
    );
  });

  router.post('/runs/:runId/resume', jsonBody(), (req, res) => {
    const runId = parseRunId(req.params.runId);
    const body = parse(ResumeRunRequestSchema, req.body ?? {});
    const event = { eventId: 'run', meta: { actionType: 'resume', runId } };
    return act(req, res, event, { runId, ...body }, (request, caller) =>
      queue.resumeRun(request, caller),
    );
  });

  router.get('/queue', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await queue.readQueue({ credentials }));
  });

  router.get('/queue/runs', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(ListQueuedRunsQuerySchema, req.query);
    res.json(await queue.listQueuedRuns(query, { credentials }));
  });

  router.post('/queue/pause', jsonBody(), (req, res) => {
    const body = parse(PauseRequestBodySchema, req.body ?? {});
    const event = { eventId: 'queue', meta: { actionType: 'pause' } };
    return act(req, res, event, body, (request, caller) =>
      queue.pauseQueue(request, caller),
    );
  });

  router.post('/queue/resume', jsonBody(), (req, res) => {
    const body = parse(ResumeRequestBodySchema, req.body ?? {});
    const event = { eventId: 'queue', meta: { actionType: 'resume' } };
    return act(req, res, event, body, (request, caller) =>
      queue.resumeQueue(request, caller),
    );
  });

  router.post('/queue/clear', jsonBody(), async (req, res) => {
    const body = parse(ClearQueueRequestSchema, req.body ?? {});
    if (body.dryRun) {
      const credentials = await httpAuth.credentials(req);
      res.json(await queue.clearQueue(body, { credentials }));
      return;
    }
    const event = { eventId: 'queue', meta: { actionType: 'clear' } };
    await act(req, res, event, body, (request, caller) =>
      queue.clearQueue(request, caller),
    );
  });

  router.post('/pipelines/:pipelineId/pause', jsonBody(), (req, res) => {
    const { pipelineId } = req.params;
    const body = parse(PauseRequestBodySchema, req.body ?? {});
    const event = {
      eventId: 'pipeline',
      meta: { actionType: 'pause', pipelineId },
    };
    return act(req, res, event, body, (request, caller) =>
      queue.pausePipeline(pipelineId, request, caller),
    );
  });

  router.post('/pipelines/:pipelineId/resume', jsonBody(), (req, res) => {
    const { pipelineId } = req.params;
    const body = parse(ResumeRequestBodySchema, req.body ?? {});
    const event = {
      eventId: 'pipeline',
      meta: { actionType: 'resume', pipelineId },
    };
    return act(req, res, event, body, (request, caller) =>
      queue.resumePipeline(pipelineId, request, caller),
    );
  });

  router.get('/workers', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({ items: await queue.listWorkers({ credentials }) });
  });

  const drain = (
    req: Request<{ workerId: string }>,
    res: Response,
    drains: boolean,
  ) => {
    const workerId = parseWorkerId(req.params.workerId);
    const event = {
      eventId: 'worker',
      meta: { actionType: drains ? 'drain' : 'undrain', workerId },
    };
    return act(req, res, event, { reason: undefined }, (_, caller) =>
      queue.drainWorker({ workerId, drains }, caller),
    );
  };
  router.post('/workers/:workerId/drain', (req, res) => drain(req, res, true));
  router.post('/workers/:workerId/undrain', (req, res) =>
    drain(req, res, false),
  );

  return router;
}

function parseWorkerId(text: string): string {
  if (!WORKER_ID_PATTERN.test(text)) {
    throw new NotFoundError(`No worker '${text.slice(0, MAX_QUOTED_LENGTH)}'`);
  }
  return text;
}

import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import {
  ListRunsQuerySchema,
  RetentionPreviewQuerySchema,
  PageQuerySchema,
  RetryRunRequestSchema,
  RunStepsQuerySchema,
  SubmitRunRequestSchema,
  UpdateRunRequestSchema,
  type ListRunsResponse,
  type RetentionPreview,
  type RunDetail,
  type RunEventsResponse,
  type RunNeighbours,
  type RunReceipt,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Request, Response } from 'express';
import Router from 'express-promise-router';
import { audited, jsonBody, parse, parseRunId } from '../http';
import type { AuthorizedRunsService } from './AuthorizedRunsService';

/** Largest body of a submit or retry; what is larger is answered with 413 before it is read. */
const MAX_BODY = '1mb';

/** Submitting, retrying, changing, listing and reading runs. */
export function createRunsRouter(options: {
  runs: AuthorizedRunsService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { runs, httpAuth, auditor } = options;
  const router = Router();

  const submit = async (req: Request, res: Response) => {
    const credentials = await httpAuth.credentials(req);
    const request = parse(SubmitRunRequestSchema, req.body);
    const { id, state, created } = await audited(
      {
        auditor,
        request: req,
        eventId: 'run',
        meta: { actionType: 'submit', pipelineId: request.pipelineId },
      },
      () =>
        runs.submitRun(
          { request, idempotencyKey: req.get('idempotency-key') },
          { credentials },
        ),
    );
    res.status(created ? 201 : 200).json({ id, state } satisfies RunReceipt);
  };
  router.post('/runs', jsonBody({ limit: MAX_BODY }), submit);
  router.post('/runs/trigger', jsonBody({ limit: MAX_BODY }), submit);

  router.post(
    '/runs/:runId/retry',
    jsonBody({ limit: MAX_BODY }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const runId = parseRunId(req.params.runId);
      const request = parse(RetryRunRequestSchema, req.body ?? {});
      const { id, state, created } = await audited(
        {
          auditor,
          request: req,
          eventId: 'run',
          meta: { actionType: 'retry', runId },
        },
        () =>
          runs.retryRun(
            { runId, request, idempotencyKey: req.get('idempotency-key') },
            { credentials },
          ),
      );
      res.status(created ? 201 : 200).json({ id, state } satisfies RunReceipt);
    },
  );

  router.patch('/runs/:runId', jsonBody(), async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    const request = parse(UpdateRunRequestSchema, req.body ?? {});
    const receipt = await audited(
      {
        auditor,
        request: req,
        eventId: 'run',
        meta: { actionType: 'update', runId },
      },
      () => runs.updateRun({ runId, request }, { credentials }),
    );
    res.json(receipt satisfies RunReceipt);
  });

  router.get('/pipelines/:pipelineId/parameter-sets', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const items = await runs.listParameterSets(req.params.pipelineId, {
      credentials,
    });
    res.json({ items });
  });

  router.get('/retention/preview', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(RetentionPreviewQuerySchema, req.query);
    const preview = await runs.previewRetention(query, { credentials });
    res.json(preview satisfies RetentionPreview);
  });

  router.get('/runs', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(ListRunsQuerySchema, req.query);
    const page = await runs.listRuns(query, { credentials });
    res.json(page satisfies ListRunsResponse);
  });

  router.get('/runs/:runId', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const run = await runs.getRun(parseRunId(req.params.runId), {
      credentials,
    });
    res.json(run satisfies RunDetail);
  });

  router.get('/runs/:runId/neighbours', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    const query = parse(ListRunsQuerySchema, req.query);
    const neighbours = await runs.readNeighbours(runId, query, { credentials });
    res.json(neighbours satisfies RunNeighbours);
  });

  router.get('/runs/:runId/attempts', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const items = await runs.listAttempts(parseRunId(req.params.runId), {
      credentials,
    });
    res.json({ items });
  });

  router.get('/runs/:runId/steps', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(RunStepsQuerySchema, req.query);
    const items = await runs.listSteps(parseRunId(req.params.runId), query, {
      credentials,
    });
    res.json({ items });
  });

  router.get('/runs/:runId/events', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(PageQuerySchema, req.query);
    const page = await runs.listEvents(parseRunId(req.params.runId), query, {
      credentials,
    });
    res.json(page satisfies RunEventsResponse);
  });

  router.get('/runs/:runId/outputs', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const items = await runs.listOutputs(parseRunId(req.params.runId), {
      credentials,
    });
    res.json({ items });
  });

  return router;
}

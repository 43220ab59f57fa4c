import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  ChangeFailureRequestSchema,
  GetFailureQuerySchema,
  IgnoreFailureRequestSchema,
  ListFailuresQuerySchema,
  type FailureDetail,
  type FailureStanding,
  type ListFailuresResponse,
  type RunFailureResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Request, Response } from 'express';
import Router from 'express-promise-router';
import { audited, jsonBody, parse, parseRunId } from '../http';
import { assertStorable } from '../runs';
import type { AuthorizedFailuresService } from './AuthorizedFailuresService';
import type { FailureAction } from './operations/changeFailure';

const FINGERPRINT_PATTERN = /^[0-9a-f]{16}$/;
const MAX_QUOTED_LENGTH = 80;

/** Reading failures, and what is done about them. */
export function createFailuresRouter(options: {
  failures: AuthorizedFailuresService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { failures, httpAuth, auditor } = options;
  const router = Router();

  router.get('/failures', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(ListFailuresQuerySchema, req.query);
    assertStorable('q', query.q ?? '');
    const page = await failures.list(query, { credentials });
    res.json(page satisfies ListFailuresResponse);
  });

  router.get('/failures/:fingerprint', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const fingerprint = parseFingerprint(req.params.fingerprint);
    const query = parse(GetFailureQuerySchema, req.query);
    const failure = await failures.read(fingerprint, query, { credentials });
    res.json(failure satisfies FailureDetail);
  });

  router.get('/runs/:runId/failure', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    const found = await failures.readOfRun(runId, { credentials });
    res.json(found satisfies RunFailureResponse);
  });

  const change = async (
    req: Request,
    res: Response,
    actionType: string,
    action: Omit<FailureAction, 'actor'>,
  ): Promise<void> => {
    const credentials = await httpAuth.credentials(req);
    const { fingerprint } = action;
    assertStorable('reason', action.reason ?? '');
    const standing = await audited(
      {
        auditor,
        request: req,
        eventId: 'failure',
        meta: { actionType, fingerprint },
      },
      () => failures.change(action, { credentials }),
    );
    res.json(standing satisfies FailureStanding);
  };

  router.post('/failures/:fingerprint/resolve', jsonBody(), (req, res) => {
    const fingerprint = parseFingerprint(req.params.fingerprint);
    const { reason } = parse(ChangeFailureRequestSchema, req.body ?? {});
    return change(req, res, 'resolve', {
      fingerprint,
      name: 'resolved',
      reason,
    });
  });

  router.post('/failures/:fingerprint/ignore', jsonBody(), (req, res) => {
    const fingerprint = parseFingerprint(req.params.fingerprint);
    const body = parse(IgnoreFailureRequestSchema, req.body ?? {});
    const { until, ...request } = body;
    return change(req, res, 'ignore', {
      fingerprint,
      name: 'ignored',
      ...request,
      ...(until && { until: new Date(until) }),
    });
  });

  router.post('/failures/:fingerprint/unresolve', jsonBody(), (req, res) => {
    const fingerprint = parseFingerprint(req.params.fingerprint);
    const { reason } = parse(ChangeFailureRequestSchema, req.body ?? {});
    return change(req, res, 'unresolve', {
      fingerprint,
      name: 'unresolved',
      reason,
    });
  });

  return router;
}

function parseFingerprint(text: string): string {
  if (!FINGERPRINT_PATTERN.test(text)) {
    throw new NotFoundError(`No failure '${text.slice(0, MAX_QUOTED_LENGTH)}'`);
  }
  return text;
}

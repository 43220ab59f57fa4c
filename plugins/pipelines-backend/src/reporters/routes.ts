import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  ReportArtifactQuerySchema,
  ReportLogQuerySchema,
  ReportRunRequestSchema,
  ReportStepsRequestSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import { raw, type Request } from 'express';
import Router from 'express-promise-router';
import { audited, jsonBody, parse } from '../http';
import type { AuthorizedReportersService } from './AuthorizedReportersService';
import type { ForeignRunId } from './types';

/** Largest report, with its outputs; what is larger is answered with 413 before it is read. */
const MAX_REPORT = '4mb';

/** Most bytes of a log in one request. */
export const MAX_LOG_PART_BYTES = 4 * 1024 * 1024;

const EXTERNAL_ID_PATTERN = /^[^\p{Cc}\p{Cs}]{1,200}$/u;
const RUN_PATH = '/runs/external/:reporter/:externalId';

/** What a run does every second is not worth a line of the audit each time. */
const FREQUENT = ['report-steps', 'report-log'];

/** What `curl` and others say when nobody has told them what a file is. */
const MEANINGLESS_TYPES = [
  'application/octet-stream',
  'application/x-www-form-urlencoded',
];

/** The push API: runs that are executed elsewhere, reported by those who execute them. */
export function createReportersRouter(options: {
  reporters: AuthorizedReportersService;
  httpAuth: HttpAuthService;
  auditor: AuditorService;
}) {
  const { reporters, httpAuth, auditor } = options;
  const router = Router();

  const audit = <TResult>(
    request: Request,
    meta: JsonObject & { actionType: string },
    command: () => Promise<TResult>,
  ) =>
    audited(
      {
        auditor,
        request,
        eventId: 'run',
        meta,
        severityLevel: FREQUENT.includes(meta.actionType) ? 'low' : 'medium',
      },
      command,
    );

  router.put(RUN_PATH, jsonBody({ limit: MAX_REPORT }), async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const foreign = parseForeignId(req);
    const request = parse(ReportRunRequestSchema, req.body ?? {});
    res.json(
      await audit(req, { actionType: 'report', ...foreign }, () =>
        reporters.report({ ...foreign, request }, { credentials }),
      ),
    );
  });

  router.put(
    `${RUN_PATH}/steps`,
    jsonBody({ limit: MAX_REPORT }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const foreign = parseForeignId(req);
      const request = parse(ReportStepsRequestSchema, req.body ?? {});
      res.json(
        await audit(req, { actionType: 'report-steps', ...foreign }, () =>
          reporters.reportSteps({ foreign, request }, { credentials }),
        ),
      );
    },
  );

  router.put(
    `${RUN_PATH}/logs`,
    raw({ type: () => true, limit: MAX_LOG_PART_BYTES }),
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const foreign = parseForeignId(req);
      const query = parse(ReportLogQuerySchema, req.query);
      const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const bytes = await audit(
        req,
        { actionType: 'report-log', ...foreign },
        () =>
          reporters.appendLog(
            foreign,
            { ...query, bytes: body },
            { credentials },
          ),
      );
      res.json({ bytes });
    },
  );

  router.put(`${RUN_PATH}/artifacts/:name`, async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const foreign = parseForeignId(req);
    const { sha256 } = parse(ReportArtifactQuerySchema, req.query);
    const { name } = req.params;
    res.json(
      await audit(
        req,
        { actionType: 'report-artifact', ...foreign, name },
        () =>
          reporters.receiveArtifact(
            foreign,
            { name, sha256, mediaType: mediaTypeOf(req), source: req },
            { credentials },
          ),
      ),
    );
  });

  return router;
}

function parseForeignId({ params }: Request): ForeignRunId {
  const { reporter, externalId } = params;
  if (!EXTERNAL_ID_PATTERN.test(externalId)) {
    throw new InputError(
      'The id of a run that is executed elsewhere must have 1 to 200 characters that can be seen',
    );
  }
  return { reporter, externalId };
}

function mediaTypeOf(req: Request): string | undefined {
  const type = req.get('content-type')?.split(';')[0].trim().toLowerCase();
  return type && !MEANINGLESS_TYPES.includes(type) ? type : undefined;
}

import { Readable } from 'node:stream';
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  LogQuerySchema,
  RawLogQuerySchema,
  RunStreamQuerySchema,
  type LogPage,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse, parseRunId, sendStream } from '../http';
import type { AuthorizedLogsService } from './AuthorizedLogsService';
import type { AuthorizedStreams } from './AuthorizedStreams';
import { parseCursor } from './streamCursor';

/** `GET /runs/{id}/logs`, `GET /runs/{id}/logs/raw` and `GET /runs/{id}/stream`. */
export function createLogsRouter(options: {
  logs: AuthorizedLogsService;
  streams: AuthorizedStreams;
  httpAuth: HttpAuthService;
}) {
  const { logs, streams, httpAuth } = options;
  const router = Router();

  router.get('/runs/:runId/logs', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(LogQuerySchema, req.query);
    const runId = parseRunId(req.params.runId);
    const page = await logs.readRange(runId, query, { credentials });
    res.json(page satisfies LogPage);
  });

  router.get('/runs/:runId/logs/raw', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { attempt } = parse(RawLogQuerySchema, req.query);
    const runId = parseRunId(req.params.runId);
    const log = await logs.openRaw(runId, attempt, { credentials });
    res.attachment(log.fileName);
    res.set({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(log.bytes),
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    await sendStream(Readable.from(log.content), res);
  });

  router.get('/runs/:runId/stream', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(RunStreamQuerySchema, req.query);
    const seen = req.get('Last-Event-ID') ?? query.cursor;
    await streams.serve({
      runId: parseRunId(req.params.runId),
      cursor: seen ? parseCursor(seen) : undefined,
      tail: query.tail,
      response: res,
      credentials,
    });
  });

  return router;
}

import { Readable } from 'node:stream';
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  LogLinesQuerySchema,
  LogQuerySchema,
  LogSearchQuerySchema,
  RawLogQuerySchema,
  RunStreamQuerySchema,
  type LogLines,
  type LogPage,
  type LogSearch,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse, parseRunId, sendStream } from '../http';
import type { AuthorizedLogsService } from './AuthorizedLogsService';
import type { AuthorizedStreams } from './AuthorizedStreams';
import type { AuthorizedLogSearch } from './search';
import { parseCursor } from './streamCursor';

/** Everything below `/runs/{id}/logs`, and `GET /runs/{id}/stream`. */
export function createLogsRouter(options: {
  logs: AuthorizedLogsService;
  streams: AuthorizedStreams;
  search: AuthorizedLogSearch;
  httpAuth: HttpAuthService;
}) {
  const { logs, streams, search, httpAuth } = options;
  const router = Router();

  router.get('/runs/:runId/logs', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(LogQuerySchema, req.query);
    const runId = parseRunId(req.params.runId);
    const page = await logs.readRange(runId, query, { credentials });
    res.json(page satisfies LogPage);
  });

  router.get('/runs/:runId/logs/search', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(LogSearchQuerySchema, req.query);
    const runId = parseRunId(req.params.runId);
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const { signal } = gone;
      const found = await search.search(runId, query, { credentials, signal });
      res.json(found satisfies LogSearch);
    } catch (error) {
      if (!gone.signal.aborted) {
        throw error;
      }
    }
  });

  router.get('/runs/:runId/logs/lines', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(LogLinesQuerySchema, req.query);
    const runId = parseRunId(req.params.runId);
    const lines = await search.readLines(runId, query, { credentials });
    res.json(lines satisfies LogLines);
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

import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  StatsHistoryQuerySchema,
  StatsQuerySchema,
  type Stats,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse } from '../http';
import type { AuthorizedStatsService } from './AuthorizedStatsService';

/** `GET /stats` and `GET /stats/history`. */
export function createStatsRouter(options: {
  stats: AuthorizedStatsService;
  httpAuth: HttpAuthService;
}) {
  const { stats, httpAuth } = options;
  const router = Router();

  router.get('/stats', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(StatsQuerySchema, req.query);
    const answer = await stats.getStats(query, { credentials });
    res.json(answer satisfies Stats);
  });

  router.get('/stats/history', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(StatsHistoryQuerySchema, req.query);
    const answer = await stats.getHistory(query, { credentials });
    res.json(answer satisfies StatsHistory);
  });

  return router;
}

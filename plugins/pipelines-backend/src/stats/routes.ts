import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  StatsHistoryQuerySchema,
  StatsTotalsQuerySchema,
  type Stats,
  type StatsByPipeline,
  type StatsHistory,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse } from '../http';
import type { AuthorizedStatsService } from './AuthorizedStatsService';

/** `GET /stats`, `GET /stats/pipelines` and `GET /stats/history`. */
export function createStatsRouter(options: {
  stats: AuthorizedStatsService;
  httpAuth: HttpAuthService;
}) {
  const { stats, httpAuth } = options;
  const router = Router();

  router.get('/stats', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(StatsTotalsQuerySchema, req.query);
    const answer = await stats.getStats(query, { credentials });
    res.json(answer satisfies Stats);
  });

  router.get('/stats/pipelines', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(StatsTotalsQuerySchema, req.query);
    const answer = await stats.getStatsByPipeline(query, { credentials });
    res.json(answer satisfies StatsByPipeline);
  });

  router.get('/stats/history', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(StatsHistoryQuerySchema, req.query);
    const answer = await stats.getHistory(query, { credentials });
    res.json(answer satisfies StatsHistory);
  });

  return router;
}

import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  PipelineGridQuerySchema,
  TimelineQuerySchema,
  type PipelineGrid,
  type Timeline,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse } from '../http';
import type { AuthorizedTimelineService } from './AuthorizedTimelineService';

/** Runs side by side. */
export function createTimelineRouter(options: {
  timeline: AuthorizedTimelineService;
  httpAuth: HttpAuthService;
}) {
  const { timeline, httpAuth } = options;
  const router = Router();

  router.get('/pipelines/:pipelineId/grid', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(PipelineGridQuerySchema, req.query);
    const grid = await timeline.readGrid(req.params.pipelineId, query, {
      credentials,
    });
    res.json(grid satisfies PipelineGrid);
  });

  router.get('/timeline', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(TimelineQuerySchema, req.query);
    const answer = await timeline.readTimeline(query, { credentials });
    res.json(answer satisfies Timeline);
  });

  return router;
}

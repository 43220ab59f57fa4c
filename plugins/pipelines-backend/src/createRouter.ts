import { buildOpenApi } from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { createArtifactsRouter } from './artifacts';
import { createBulkRouter } from './bulk';
import { createComparisonRouter } from './comparison';
import type { Rooms } from './createRooms';
import { createPipelinesRouter } from './definitions';
import { readPackageVersion, type PipelinesEnvironment } from './environment';
import { createFailuresRouter } from './failures';
import { createHealthRouter } from './health';
import { answerDatabaseErrors } from './http';
import { createLogsRouter } from './logs';
import { createQueueRouter } from './queue';
import { createReportersRouter } from './reporters';
import { createRunsRouter } from './runs';
import { createTriggersRouter, createWebhooksRouter } from './schedules';
import { createSettingsRouter } from './settings';
import { createStatsRouter } from './stats';
import { createTimelineRouter } from './timeline';
import { createViewsRouter } from './views';

/** Puts the routes of the rooms together, and serves the document that describes them. */
export function createRouter(env: PipelinesEnvironment, rooms: Rooms) {
  const { authorized, health, triggers } = rooms;
  const router = Router();
  const document = buildOpenApi(readPackageVersion());
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  router.use(
    createHealthRouter({ health }),
    createPipelinesRouter({ ...env, pipelines: authorized.pipelines }),
    createStatsRouter({ ...env, stats: authorized.stats }),
    createTimelineRouter({ ...env, timeline: authorized.timeline }),
    createFailuresRouter({ ...env, failures: authorized.failures }),
    createViewsRouter({ ...env, views: authorized.views }),
    createComparisonRouter({ ...env, comparison: authorized.comparison }),
    // Before the routes of single runs, or 'bulk' would be the id of one.
    createBulkRouter({ ...env, bulk: authorized.bulk }),
    createRunsRouter({ ...env, runs: authorized.runs }),
    createQueueRouter({ ...env, queue: authorized.queue }),
    createLogsRouter({
      ...env,
      logs: authorized.logs,
      streams: authorized.streams,
      search: authorized.logSearch,
    }),
    createArtifactsRouter({ ...env, artifacts: authorized.artifacts }),
    createReportersRouter({ ...env, reporters: authorized.reporters }),
    createSettingsRouter({ ...env, settings: authorized.settings }),
    createTriggersRouter({ ...env, triggers: triggers.authorized }),
    createWebhooksRouter({ ...env, webhooks: triggers.webhooks }),
    answerDatabaseErrors,
  );
  return router;
}

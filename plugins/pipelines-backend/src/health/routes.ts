import type { Health } from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import type { HealthService } from './HealthService';

/** `GET /health`, which needs no caller. */
export function createHealthRouter(options: { health: HealthService }) {
  const router = Router();

  router.get('/health', async (_req, res) => {
    const health = await options.health.getHealth();
    res.json(health satisfies Health);
  });

  return router;
}

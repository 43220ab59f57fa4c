import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type {
  RunChanges,
  UsualDuration,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parseRunId } from '../http';
import type { AuthorizedComparisonService } from './AuthorizedComparisonService';

/** Reading what earlier runs tell of a run. */
export function createComparisonRouter(options: {
  comparison: AuthorizedComparisonService;
  httpAuth: HttpAuthService;
}) {
  const { comparison, httpAuth } = options;
  const router = Router();

  router.get('/runs/:runId/changes', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const changes = await comparison.readChanges(parseRunId(req.params.runId), {
      credentials,
    });
    res.json(changes satisfies RunChanges);
  });

  router.get('/runs/:runId/usual-duration', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    const usual = await comparison.readUsualDuration(runId, { credentials });
    res.json(usual satisfies UsualDuration);
  });

  return router;
}

import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { RunArtifactsResponseSchema } from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { z } from 'zod';
import { parse, parseArtifactId, parseRunId } from '../http';
import { assertOwnSite } from './assertOwnSite';
import type { AuthorizedArtifactsService } from './AuthorizedArtifactsService';
import { sendArtifact } from './sendArtifact';

/** The only path that also takes the limited user cookie, as an auth policy needs it. */
export const ARTIFACT_CONTENT_PATH =
  '/runs/:runId/artifacts/:artifactId/content';

const ContentQuerySchema = z.object({
  /** Download even what could be shown in place. */
  download: z.stringbool().default(false),
});

/** `GET /runs/{id}/artifacts` and `GET /runs/{id}/artifacts/{artifactId}/content`. */
export function createArtifactsRouter(options: {
  artifacts: AuthorizedArtifactsService;
  httpAuth: HttpAuthService;
}) {
  const { artifacts, httpAuth } = options;
  const router = Router();

  router.get('/runs/:runId/artifacts', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const runId = parseRunId(req.params.runId);
    const items = await artifacts.list(runId, { credentials });
    res.json({ items } satisfies z.infer<typeof RunArtifactsResponseSchema>);
  });

  router.get(ARTIFACT_CONTENT_PATH, async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
      allowLimitedAccess: true,
    });
    assertOwnSite(req);
    const runId = parseRunId(req.params.runId);
    const artifactId = parseArtifactId(req.params.artifactId);
    const { download } = parse(ContentQuerySchema, req.query);
    const opened = await artifacts.open(runId, artifactId, { credentials });
    await sendArtifact(req, res, { opened, download });
  });

  return router;
}

import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  ListPipelinesQuerySchema,
  type ListPipelinesResponse,
  type Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import Router from 'express-promise-router';
import { parse } from '../http';
import type { AuthorizedPipelinesService } from './AuthorizedPipelinesService';

/** `GET /pipelines` and `GET /pipelines/{id}`. */
export function createPipelinesRouter(options: {
  pipelines: AuthorizedPipelinesService;
  httpAuth: HttpAuthService;
}) {
  const { pipelines, httpAuth } = options;
  const router = Router();

  router.get('/pipelines', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const query = parse(ListPipelinesQuerySchema, req.query);
    const page = await pipelines.listPipelines(query, { credentials });
    res.json(page satisfies ListPipelinesResponse);
  });

  router.get('/pipelines/:pipelineId', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const pipeline = await pipelines.getPipeline(req.params.pipelineId, {
      credentials,
    });
    res.json(pipeline satisfies Pipeline);
  });

  return router;
}

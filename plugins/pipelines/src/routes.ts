import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The Pipelines page. @public */
export const rootRouteRef = createRouteRef({ id: 'pipelines' });

/** The overview tab. @public */
export const overviewRouteRef = createSubRouteRef({
  id: 'pipelines.overview',
  parent: rootRouteRef,
  path: '/overview',
});

/** The list of runs. @public */
export const runsRouteRef = createSubRouteRef({
  id: 'pipelines.runs',
  parent: rootRouteRef,
  path: '/runs',
});

/** The page of one run. @public */
export const runRouteRef = createSubRouteRef({
  id: 'pipelines.run',
  parent: rootRouteRef,
  path: '/runs/:runId',
});

/** The list of pipelines. @public */
export const definitionsRouteRef = createSubRouteRef({
  id: 'pipelines.definitions',
  parent: rootRouteRef,
  path: '/definitions',
});

/** The page of one pipeline. @public */
export const pipelineRouteRef = createSubRouteRef({
  id: 'pipelines.pipeline',
  parent: rootRouteRef,
  path: '/definitions/:pipelineId',
});

/** All pipelines on one axis of time. @public */
export const timelineRouteRef = createSubRouteRef({
  id: 'pipelines.timeline',
  parent: rootRouteRef,
  path: '/timeline',
});

/** The errors of runs, the same ones together. @public */
export const failuresRouteRef = createSubRouteRef({
  id: 'pipelines.failures',
  parent: rootRouteRef,
  path: '/failures',
});

/** The page of one failure. @public */
export const failureRouteRef = createSubRouteRef({
  id: 'pipelines.failure',
  parent: rootRouteRef,
  path: '/failures/:fingerprint',
});

/** The queue and its workers. @public */
export const queueRouteRef = createSubRouteRef({
  id: 'pipelines.queue',
  parent: rootRouteRef,
  path: '/queue',
});

/** The tab of an entity page that lists its runs. @public */
export const entityRunsRouteRef = createRouteRef({
  id: 'pipelines.entity-runs',
});

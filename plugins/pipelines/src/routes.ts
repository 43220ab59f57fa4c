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

/** The tab of an entity page that lists its runs. @public */
export const entityRunsRouteRef = createRouteRef({
  id: 'pipelines.entity-runs',
});

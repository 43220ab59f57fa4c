import { createPermission } from '@backstage/plugin-permission-common';

/** Resource type of pipelines; their runs follow them. @public */
export const RESOURCE_TYPE_PIPELINE = 'pipeline';

/** See a run, its steps, events, log, outputs and artifacts. @public */
export const runReadPermission = createPermission({
  name: 'pipelines.run.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Cancel, pause, resume, retry or edit a run. @public */
export const runControlPermission = createPermission({
  name: 'pipelines.run.control',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** See a pipeline, its parameters and limits. @public */
export const pipelineReadPermission = createPermission({
  name: 'pipelines.pipeline.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Submit runs of a pipeline. @public */
export const pipelineRunPermission = createPermission({
  name: 'pipelines.pipeline.run',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Every permission of the suite, for policies and for registration. @public */
export const pipelinesPermissions = [
  runReadPermission,
  runControlPermission,
  pipelineReadPermission,
  pipelineRunPermission,
];

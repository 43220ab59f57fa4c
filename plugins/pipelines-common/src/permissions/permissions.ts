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

/** Report runs that are executed elsewhere, as one of the configured reporters. @public */
export const runReportPermission = createPermission({
  name: 'pipelines.run.report',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Edit the settings of a pipeline; the settings of the portal where it is given for all. @public */
export const pipelineConfigurePermission = createPermission({
  name: 'pipelines.pipeline.configure',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Pause, resume and clear the queue, drain workers; of one pipeline where it is given for that. @public */
export const queueControlPermission = createPermission({
  name: 'pipelines.queue.control',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_PIPELINE,
});

/** Every permission of the suite, for policies and for registration. @public */
export const pipelinesPermissions = [
  runReadPermission,
  runControlPermission,
  runReportPermission,
  pipelineReadPermission,
  pipelineRunPermission,
  pipelineConfigurePermission,
  queueControlPermission,
];

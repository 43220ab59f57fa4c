import { createPermission } from '@backstage/plugin-permission-common';
import { z } from 'zod';

/** Resource type of pipelines; their runs follow them. @public */
export const RESOURCE_TYPE_PIPELINE = 'pipeline';

/** No id of a pipeline has a colon. */
const RUN_REF_PREFIX = 'run:';
const RunIdSchema = z.uuid().toLowerCase();

/**
 * What a permission about one run is asked with, where its pipeline's id would be; a policy that
 * looks at who submitted a run cannot be asked by the pipeline alone.
 *
 * @public
 */
export function runResourceRef(runId: string): string {
  return `${RUN_REF_PREFIX}${runId}`;
}

/** The id of the run that {@link runResourceRef} made a ref of; undefined for any other text. @public */
export function parseRunResourceRef(ref: string): string | undefined {
  return ref.startsWith(RUN_REF_PREFIX)
    ? RunIdSchema.safeParse(ref.slice(RUN_REF_PREFIX.length)).data
    : undefined;
}

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

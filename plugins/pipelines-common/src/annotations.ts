import { Entity, stringifyEntityRef } from '@backstage/catalog-model';

/**
 * Marks an entity that pipelines belong to, so that the portal shows its runs.
 *
 * @remarks
 * The value is `true`, or the ids of its pipelines separated by commas. Which pipelines belong
 * to an entity is decided by the `entity` of their definitions.
 *
 * @public
 */
export const PIPELINES_ANNOTATION = 'millrace.dev/pipelines';

/**
 * Says that an entity is a pipeline; the value is its id.
 *
 * @remarks
 * The catalog module sets it on the resources that it makes.
 *
 * @public
 */
export const PIPELINE_ID_ANNOTATION = 'millrace.dev/pipeline-id';

/** Whether the entity says that pipelines belong to it, or that it is a pipeline itself. @public */
export function isPipelinesAvailable(entity: Entity): boolean {
  const annotations = entity.metadata.annotations;
  return Boolean(
    annotations?.[PIPELINES_ANNOTATION] ||
      annotations?.[PIPELINE_ID_ANNOTATION],
  );
}

/** Whether the entity is one that pipelines can be owned by: a group or a person. @public */
export function isPipelineOwner(entity: Entity): boolean {
  return ['group', 'user'].includes(entity.kind.toLocaleLowerCase('en-US'));
}

/** The form in which an entity appears in definitions and filters, such as `component:default/x`. @public */
export function entityRefOf(entity: Entity): string {
  return stringifyEntityRef(entity);
}

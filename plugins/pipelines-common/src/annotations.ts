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

/** Whether the entity says that pipelines belong to it. @public */
export function isPipelinesAvailable(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[PIPELINES_ANNOTATION]);
}

/** The form in which an entity appears in definitions and filters, such as `component:default/x`. @public */
export function entityRefOf(entity: Entity): string {
  return stringifyEntityRef(entity);
}

import {
  getCompoundEntityRef,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import {
  isPipelineOwner,
  PIPELINE_ID_ANNOTATION,
  type RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';

/** Most owners that the API is asked about at once. */
const MAX_OWNERS = 50;

/** Which pipelines an entity is about. */
export type EntityScope = Pick<RunsFilter, 'pipeline' | 'owner' | 'entity'>;

/**
 * The pipeline that an entity is; of a group what it owns, of a person also what their groups
 * own; of any other entity the pipelines that belong to it.
 */
export function scopeOf(entity: Entity): EntityScope {
  const pipelineId = entity.metadata.annotations?.[PIPELINE_ID_ANNOTATION];
  if (pipelineId) {
    return { pipeline: [pipelineId] };
  }
  const ref = stringifyEntityRef(getCompoundEntityRef(entity));
  if (!isPipelineOwner(entity)) {
    return { entity: [ref] };
  }
  const groups = (entity.relations ?? [])
    .filter(({ type }) => type === RELATION_MEMBER_OF)
    .map(({ targetRef }) => targetRef);
  return { owner: [ref, ...groups].slice(0, MAX_OWNERS) };
}

import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  stringifyEntityRef,
  type ResourceEntity,
} from '@backstage/catalog-model';
import {
  PIPELINE_ID_ANNOTATION,
  type Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';

/** How pipelines appear in the catalog. */
export interface EntityOptions {
  namespace: string;
  /** Of pipelines without an owner. */
  defaultOwner: string;
  /** Where links begin, without a slash at the end. */
  appBaseUrl: string;
}

/** A pipeline as a resource; ids of pipelines are names that the catalog accepts. */
export function entityOf(
  pipeline: Pipeline,
  options: EntityOptions,
): ResourceEntity {
  const { id, title, description, owner, entity, after } = pipeline;
  const { namespace, defaultOwner, appBaseUrl } = options;
  const location = `millrace:pipelines/${id}`;
  const page = `${appBaseUrl}/pipelines/definitions/${encodeURIComponent(id)}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace,
      name: id,
      title,
      description,
      annotations: {
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        [PIPELINE_ID_ANNOTATION]: id,
      },
      links: [
        { url: page, title: 'Pipeline', icon: 'dashboard' },
        { url: `${page}?tab=runs`, title: 'Runs', icon: 'dashboard' },
      ],
    },
    spec: {
      type: 'pipeline',
      owner: owner ?? defaultOwner,
      dependencyOf: entity ? [entity] : undefined,
      dependsOn:
        after.length > 0
          ? after.map(name =>
              stringifyEntityRef({ kind: 'Resource', namespace, name }),
            )
          : undefined,
    },
  };
}

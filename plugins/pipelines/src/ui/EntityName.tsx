import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  EntityDisplayName,
  EntityRefLink,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';

/** What {@link EntityName} names. */
export interface EntityNameProps {
  entityRef: string;
  hideIcon?: boolean;
}

/** The name of an entity, as a link where the portal has pages of entities. */
export function EntityName(props: EntityNameProps) {
  const hasEntityPages = useRouteRef(entityRouteRef) !== undefined;
  return hasEntityPages ? (
    <EntityRefLink {...props} />
  ) : (
    <EntityDisplayName {...props} />
  );
}

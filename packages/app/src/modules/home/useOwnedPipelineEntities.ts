import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { Entity, RELATION_OWNED_BY } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { PIPELINES_ANNOTATION } from '@millrace/backstage-plugin-pipelines-common';
import { useEffect, useState } from 'react';

const MAX_ENTITIES = 20;

/** Entities with pipelines that the user or one of the user's groups owns, by name. */
export function useOwnedPipelineEntities() {
  const catalogApi = useApi(catalogApiRef);
  const identityApi = useApi(identityApiRef);
  const [entities, setEntities] = useState<Entity[]>();
  const [error, setError] = useState<Error>();

  useEffect(() => {
    let ended = false;
    async function read() {
      const { ownershipEntityRefs } = await identityApi.getBackstageIdentity();
      const { items } = await catalogApi.queryEntities({
        filter: {
          [`metadata.annotations.${PIPELINES_ANNOTATION}`]:
            CATALOG_FILTER_EXISTS,
          [`relations.${RELATION_OWNED_BY}`]: ownershipEntityRefs,
        },
        orderFields: [{ field: 'metadata.name', order: 'asc' }],
        limit: MAX_ENTITIES,
      });
      return items;
    }
    read().then(
      items => !ended && setEntities(items),
      caught => !ended && setError(caught),
    );
    return () => {
      ended = true;
    };
  }, [catalogApi, identityApi]);

  return { entities, error };
}

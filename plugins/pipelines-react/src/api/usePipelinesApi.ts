import { useMemo } from 'react';
import {
  fetchApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import { PipelinesClient } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesApiRef, type PipelinesApi } from './pipelinesApiRef';

/**
 * The provided client, or one of its own where no installed plugin provides it.
 *
 * @public
 */
export function usePipelinesApi(): PipelinesApi {
  const provided = useApiHolder().get(pipelinesApiRef);
  const fetchApi = useApi(fetchApiRef);
  return useMemo(
    () => provided ?? new PipelinesClient({ fetchApi }),
    [provided, fetchApi],
  );
}

import { useMemo } from 'react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../routes';

/** Where the parts of the Pipelines page are, as paths of the portal; `search` begins with a question mark. */
export interface PageLinks {
  definitions: string;
  /** The page of a pipeline. */
  pipeline(pipelineId: string, search?: string): string;
  failures(search?: string): string;
  /** The page of a failure. */
  failure(fingerprint: string): string;
  queue(search?: string): string;
  portalSettings: string;
}

/** Where the parts of the Pipelines page are, seen from anywhere. */
export function usePageLinks(): PageLinks {
  const root = useRouteRef(rootRouteRef)?.();
  return useMemo(() => {
    const page = (root ?? '/pipelines').replace(/\/$/, '');
    return {
      definitions: `${page}/definitions`,
      pipeline: (pipelineId, search = '') =>
        `${page}/definitions/${encodeURIComponent(pipelineId)}${search}`,
      failures: (search = '') => `${page}/failures${search}`,
      failure: fingerprint =>
        `${page}/failures/${encodeURIComponent(fingerprint)}`,
      queue: (search = '') => `${page}/queue${search}`,
      portalSettings: `${page}/queue/settings`,
    };
  }, [root]);
}

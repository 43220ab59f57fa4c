import { discoveryApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';

/** Path of a file's bytes below the API. @internal */
export function contentPathOf(runId: string, artifactId: string): string {
  return `/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(
    artifactId,
  )}/content`;
}

/** Address of a file's bytes for `src` and `href`; undefined while it is not known. @internal */
export function useArtifactUrl(
  runId: string,
  artifactId: string,
): string | undefined {
  const discoveryApi = useApi(discoveryApiRef);
  const { data: baseUrl } = useQuery({
    queryKey: ['pipelines', 'base-url'],
    queryFn: () => discoveryApi.getBaseUrl('pipelines'),
    staleTime: Infinity,
  });
  return baseUrl && `${baseUrl}${contentPathOf(runId, artifactId)}`;
}

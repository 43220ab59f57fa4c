import { useQuery } from '@tanstack/react-query';
import type { RetentionPreviewFilter } from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';

/** What would be removed if things were kept for that long; nothing is read while it is undefined. @public */
export function useRetentionPreview(
  filter: RetentionPreviewFilter | undefined,
) {
  const api = usePipelinesApi();
  return useQuery({
    queryKey: ['pipelines', 'retention-preview', filter ?? null],
    queryFn: ({ signal }) => api.previewRetention(filter ?? {}, { signal }),
    enabled: filter !== undefined,
  });
}

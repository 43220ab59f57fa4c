import { useState } from 'react';
import { ResponseError } from '@backstage/errors';
import { fetchApiRef, useApi } from '@backstage/frontend-plugin-api';
import { saveBlob } from '../api/saveBlob';

/** A download of a log: how to begin it, and how it goes. @internal */
export interface LogDownload {
  download(): Promise<void>;
  busy: boolean;
  error: unknown;
}

/** Saves the bytes of a log as they were; the route takes a token, so a plain link cannot. @internal */
export function useLogDownload(options: {
  runId: string;
  attempt?: number;
}): LogDownload {
  const { runId, attempt } = options;
  const fetchApi = useApi(fetchApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const download = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const query = attempt === undefined ? '' : `?attempt=${attempt}`;
      const response = await fetchApi.fetch(
        `plugin://pipelines/runs/${encodeURIComponent(runId)}/logs/raw${query}`,
      );
      if (!response.ok) {
        throw await ResponseError.fromResponse(response);
      }
      saveBlob(await response.blob(), `${runId}-${attempt ?? 'latest'}.log`);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return { download, busy, error };
}

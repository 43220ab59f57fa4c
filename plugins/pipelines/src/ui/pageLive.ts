import { useEffect, useSyncExternalStore } from 'react';
import {
  useRefresh,
  type LiveHandle,
} from '@millrace/backstage-plugin-pipelines-react';

// The header action and the page are separate React trees, so they meet outside of React.
let current: LiveHandle | undefined;
const listeners = new Set<() => void>();

function publish(handle: LiveHandle | undefined): void {
  current = handle;
  listeners.forEach(listener => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lets the live pill of the page's header speak for this connection while the page is shown. */
export function usePublishPageLive(handle: LiveHandle | undefined): void {
  useEffect(() => {
    publish(handle);
    return () => publish(undefined);
  }, [handle]);
}

/** How current the shown page is: by its own connection if it has one, else as all pages. */
export function usePageLive(): LiveHandle {
  const ofAllPages = useRefresh();
  return useSyncExternalStore(subscribe, () => current) ?? ofAllPages;
}

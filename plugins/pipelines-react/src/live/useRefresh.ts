import { useMemo, useSyncExternalStore } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { liveControllerOf } from './LiveController';
import type { LiveHandle } from './liveState';

/**
 * How current the page is, and how to pause, resume and refresh it.
 *
 * @public
 */
export function useRefresh(): LiveHandle {
  const controller = liveControllerOf(useQueryClient());
  const state = useSyncExternalStore(
    controller.subscribe,
    controller.getState,
    controller.getState,
  );
  return useMemo(
    () => ({
      state,
      pause: controller.pause,
      resume: controller.resume,
      refresh: controller.refresh,
    }),
    [state, controller],
  );
}

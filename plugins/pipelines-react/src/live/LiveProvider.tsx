import { useEffect, type ReactNode } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { useQueryClient } from '@tanstack/react-query';
import { liveControllerOf } from './LiveController';

/**
 * Keeps the live queries below it current: by signals where there are any, else by polling.
 *
 * @remarks
 * Part of `PipelinesQueryProvider`.
 *
 * @public
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const controller = liveControllerOf(useQueryClient());
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => controller.start(signals), [controller, signals]);
  return <>{children}</>;
}

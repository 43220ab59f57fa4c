import type { ReactNode } from 'react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { LiveProvider } from '../live/LiveProvider';
import { createPipelinesQueryClient } from './queryClient';

const sharedQueryClient = createPipelinesQueryClient();

/** Props of {@link PipelinesQueryProvider}. @public */
export interface PipelinesQueryProviderProps {
  children: ReactNode;
  /** Instead of the one that all Millrace frontends of a portal share; for tests. */
  client?: QueryClient;
}

/**
 * Gives the query cache and live updates to what is below it.
 *
 * @remarks
 * Pages, header actions and entity cards are separate React trees. All of them share one
 * cache and one live state, however often this provider is mounted.
 *
 * @public
 */
export function PipelinesQueryProvider({
  children,
  client = sharedQueryClient,
}: PipelinesQueryProviderProps) {
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>{children}</LiveProvider>
    </QueryClientProvider>
  );
}

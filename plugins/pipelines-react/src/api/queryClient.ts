import { QueryClient } from '@tanstack/react-query';
import { isClientError } from './errors';

const MAX_RETRIES = 2;

/** How long an answer counts as fresh when a panel is mounted again, ms. */
const STALE_AFTER_MS = 5_000;

/** Again after a network failure or a 5xx, never after the server refused. @internal */
export function shouldRetry(failureCount: number, error: Error): boolean {
  return failureCount < MAX_RETRIES && !isClientError(error);
}

/** A query client with the rules of this suite; the live controller decides when to read again. @internal */
export function createPipelinesQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        staleTime: STALE_AFTER_MS,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { retry: false },
    },
  });
}

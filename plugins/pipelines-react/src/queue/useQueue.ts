import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { useRefresh } from '../live/useRefresh';
import {
  queuedRunsOptions,
  queueOptions,
  workersOptions,
  type QueuedRunsFilter,
} from './queueQueries';

/** A heartbeat changes no run, so no signal tells of it, and an old one looks like a silent worker. */
const HEARTBEATS_EVERY_MS = 5_000;

/** How the queue stands, in all and per pipeline. @public */
export function useQueue() {
  return useQuery(queueOptions(usePipelinesApi()));
}

/** Pages of queued runs, most urgent first; the old rows stay while a new filter loads. @public */
export function useQueuedRuns(filter: QueuedRunsFilter = {}) {
  return useInfiniteQuery(queuedRunsOptions(usePipelinesApi(), filter));
}

/** Workers with their slots and heartbeats, newest first; read every 5 s unless live updates are paused. @public */
export function useWorkers() {
  const { state } = useRefresh();
  return useQuery({
    ...workersOptions(usePipelinesApi()),
    refetchInterval: state.kind === 'paused' ? false : HEARTBEATS_EVERY_MS,
  });
}

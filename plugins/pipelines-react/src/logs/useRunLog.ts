import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { usePipelinesApi } from '../api/usePipelinesApi';
import type { RunStreamHandle } from '../live/useRunStream';
import { LogStore, type LogFacts } from './LogStore';

/** How often the end of a log is read while no stream brings it, ms. */
const POLL_INTERVAL_MS = 3_000;

/** Which log, and the stream that brings its end. @internal */
export interface UseRunLogOptions {
  runId: string;
  /** By default the latest. */
  attempt?: number;
  stream?: RunStreamHandle;
}

/** The lines of one attempt, kept current by the stream of its run, or else by polling. @internal */
export function useRunLog(options: UseRunLogOptions): {
  store: LogStore;
  facts: LogFacts;
} {
  const { runId, attempt, stream } = options;
  const api = usePipelinesApi();
  const store = useMemo(
    () =>
      new LogStore({
        load: (range, signal) =>
          api.getRunLog(runId, { attempt, ...range }, { signal }),
        pick: async (numbers, signal) =>
          (await api.logs.readLines(runId, { attempt, numbers }, { signal }))
            .lines,
      }),
    [api, runId, attempt],
  );
  const facts = useSyncExternalStore(
    store.subscribe,
    store.getFacts,
    store.getFacts,
  );

  useEffect(() => {
    store.open();
    return () => store.close();
  }, [store]);

  const tail = stream?.tail;
  useEffect(() => {
    if (!tail) {
      return undefined;
    }
    const take = (event: NonNullable<typeof tail.kept>) => {
      const shown = attempt ?? store.getFacts().attempt;
      if (shown === undefined || shown === event.attempt) {
        store.append(event);
      }
    };
    if (tail.kept) {
      take(tail.kept);
    }
    return tail.listen(take);
  }, [tail, store, attempt]);

  const streaming = Boolean(stream?.active && stream.state.kind === 'live');
  const paused = stream?.active && stream.state.kind === 'paused';
  const polls = facts.loaded && !facts.complete && !streaming && !paused;
  useEffect(() => {
    if (!polls) {
      return undefined;
    }
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') {
        store.poll();
      }
    }, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [polls, store]);

  // The end of the stream says that the log is whole; one more answer says how whole it is.
  const endedAs = stream?.endedAs;
  useEffect(() => {
    if (endedAs) {
      store.poll();
    }
  }, [endedAs, store]);

  return { store, facts };
}

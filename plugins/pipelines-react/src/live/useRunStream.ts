import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { fetchApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  isTerminalRunState,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { useQueryClient } from '@tanstack/react-query';
import { LogTail } from '../logs/LogTail';
import { useRun } from '../runs/useRuns';
import { liveControllerOf } from './LiveController';
import type { LiveHandle } from './liveState';
import { createRunFeed } from './runFeed';
import { RunStream } from './RunStream';

/** Options of {@link useRunStream}. @public */
export interface UseRunStreamOptions {
  /** `false` opens no stream; by default it is open while the run is not over. */
  enabled?: boolean;
}

/** A run's stream: how current it is, and the newest lines of its log. @public */
export interface RunStreamHandle extends LiveHandle {
  runId: string;
  /** The newest lines, for a log viewer. */
  tail: LogTail;
  /** The state in which the run ended while this stream was open. */
  endedAs?: RunState;
  /** Whether a stream is wanted: false for a run that is over. */
  active: boolean;
}

/**
 * Follows one run: state, steps, progress and log arrive by one stream and go into the query
 * cache, so `useRun` and `useRunSteps` show them; without a stream the run is polled.
 *
 * @public
 */
export function useRunStream(
  runId: string,
  options: UseRunStreamOptions = {},
): RunStreamHandle {
  const fetchApi = useApi(fetchApiRef);
  const queryClient = useQueryClient();
  const run = useRun(runId);
  const [ended, setEnded] = useState<{ runId: string; state: RunState }>();

  const { stream, tail } = useMemo(() => {
    const newTail = new LogTail();
    const feed = createRunFeed({ runId, queryClient, tail: newTail });
    const newStream = new RunStream({
      runId,
      fetchApi,
      onPoll: feed.readAgain,
      onEvent: event => {
        feed.take(event);
        if (event.name === 'end') {
          setEnded({ runId, state: event.data.state });
        }
      },
    });
    return { stream: newStream, tail: newTail };
  }, [runId, fetchApi, queryClient]);

  // Kept open until `end`: the last log lines come after the state that ends the run.
  const startable =
    run.data !== undefined && !isTerminalRunState(run.data.state);
  const [openedRunId, setOpenedRunId] = useState<string>();
  if (startable && openedRunId !== runId) {
    setOpenedRunId(runId);
  }
  const active =
    options.enabled !== false &&
    openedRunId === runId &&
    ended?.runId !== runId;

  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const takeBack = liveControllerOf(queryClient).leaveRun(runId);
    const close = stream.start();
    return () => {
      close();
      takeBack();
    };
  }, [active, stream, queryClient, runId]);

  const state = useSyncExternalStore(
    stream.subscribe,
    stream.getState,
    stream.getState,
  );
  return useMemo(
    () => ({
      runId,
      tail,
      state,
      active,
      endedAs: ended?.runId === runId ? ended.state : undefined,
      pause: stream.pause,
      resume: stream.resume,
      refresh: stream.resume,
    }),
    [runId, tail, state, active, ended, stream],
  );
}

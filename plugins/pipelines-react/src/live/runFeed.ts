import type { QueryClient } from '@tanstack/react-query';
import type {
  RunDetail,
  RunStep,
  RunStreamEvent,
} from '@millrace/backstage-plugin-pipelines-common';
import type { LogTail } from '../logs/LogTail';
import { runsKeys } from '../runs/runsQueries';
import { Throttle } from './Throttle';

/** At most one reading per this time of what the stream does not carry: events, outputs, artifacts. */
const SIDE_READS_INTERVAL_MS = 2_000;

/** Puts what a run's stream says where the hooks read it. @internal */
export interface RunFeed {
  take(event: RunStreamEvent): void;
  /** Reads all of the run from the API. */
  readAgain(): void;
}

/** {@inheritDoc RunFeed} @internal */
export function createRunFeed(options: {
  runId: string;
  queryClient: QueryClient;
  tail: LogTail;
}): RunFeed {
  const { runId, queryClient, tail } = options;

  const readAgain = () => {
    queryClient
      .invalidateQueries({ queryKey: runsKeys.run(runId) })
      .catch(() => undefined);
  };
  const sideReads = new Throttle({
    intervalMs: SIDE_READS_INTERVAL_MS,
    run: () => {
      const keys = [
        runsKeys.events(runId),
        runsKeys.outputs(runId),
        runsKeys.artifacts(runId),
        runsKeys.attempts(runId),
      ];
      for (const queryKey of keys) {
        queryClient.invalidateQueries({ queryKey }).catch(() => undefined);
      }
    },
  });

  // An answer that is still on its way may be older than what the stream has just said.
  const overtake = () => {
    const queryKey = runsKeys.detail(runId);
    if (queryClient.isFetching({ queryKey }) > 0) {
      queryClient.invalidateQueries({ queryKey }).catch(() => undefined);
    }
  };

  const take = (event: RunStreamEvent) => {
    switch (event.name) {
      case 'log':
        tail.push(event.data);
        break;
      case 'state':
        queryClient.setQueryData<RunDetail>(runsKeys.detail(runId), event.data);
        overtake();
        sideReads.call();
        break;
      case 'step':
        putSteps(queryClient, runId, event.data.items);
        sideReads.call();
        break;
      case 'progress':
        queryClient.setQueryData<RunDetail>(
          runsKeys.detail(runId),
          run => run && { ...run, ...event.data },
        );
        break;
      case 'gap':
        tail.reset();
        readAgain();
        break;
      case 'end':
        sideReads.cancel();
        readAgain();
        break;
      default:
        break;
    }
  };
  return { take, readAgain };
}

function putSteps(queryClient: QueryClient, runId: string, steps: RunStep[]) {
  queryClient.setQueryData(runsKeys.steps(runId), steps);
  const attempt = steps[0]?.attempt;
  if (attempt !== undefined) {
    queryClient.setQueryData<RunStep[]>(
      runsKeys.steps(runId, attempt),
      known => known && steps,
    );
  }
}

import {
  isActiveRunState,
  isTerminalRunState,
  type RunDetail,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { AttemptLog, StreamedRuns } from './types';

/** What viewers are told of a run besides its log, each as JSON, made once for all of them. */
export interface RunNews {
  runState: RunState;
  eventSeq: number;
  state: string;
  /** Equal as long as no new `state` is worth sending. */
  stateKey: string;
  step: string;
  progress: string;
}

/** What is known of a run at one moment. */
export interface RunSnapshot {
  news: RunNews;
  /** Oldest attempt first. */
  logs: readonly AttemptLog[];
  /** The run is over and the logs have all of their bytes. */
  ended: boolean;
  active: boolean;
}

/** Reads everything but the logs. */
export async function readNews(
  runs: StreamedRuns,
  runId: string,
): Promise<RunNews> {
  // The events first: a number that is too old is harmless, one that is too new would skip
  const { items } = await runs.listEvents(runId, { limit: 1 });
  const run = await runs.getRun(runId);
  const steps = await runs.listSteps(runId, run.attempt);
  return {
    runState: run.state,
    eventSeq: items[0]?.seq ?? 0,
    state: JSON.stringify(run),
    stateKey: stateKeyOf(run),
    step: JSON.stringify({ items: steps }),
    progress: JSON.stringify({
      progress: run.progress,
      progressMessage: run.progressMessage,
      currentStep: run.currentStep,
      metrics: run.metrics,
    }),
  };
}

/** @param logs - read after the news, so that nothing of a run that is over is missing */
export function snapshotOf(
  news: RunNews,
  logs: readonly AttemptLog[],
): RunSnapshot {
  return {
    news,
    logs,
    ended: isTerminalRunState(news.runState),
    active: isActiveRunState(news.runState),
  };
}

function stateKeyOf(run: RunDetail): string {
  const { progress, progressMessage, currentStep, metrics, ...rest } = run;
  return JSON.stringify(rest);
}

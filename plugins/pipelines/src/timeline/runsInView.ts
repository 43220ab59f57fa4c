import {
  RUN_STATES,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { runsSearch } from '../runs/runsUrl';

/** The list has runs by the time of their submit, which is a bit before their start, ms. */
const SUBMIT_MARGIN_MS = 60_000;

/** States of runs that were executed: those the timeline has. */
export const EXECUTED_STATES: readonly RunState[] = RUN_STATES.filter(
  state => state !== 'queued',
);

/**
 * The search of the list that has the runs of a pipeline in a span of the timeline.
 *
 * @param states - those that were chosen; when there are none, all that the timeline has
 */
export function searchOfRuns(options: {
  pipelineId: string;
  fromMs: number;
  toMs: number;
  states: readonly RunState[];
}): string {
  const { pipelineId, fromMs, toMs, states } = options;
  return runsSearch({
    pipeline: [pipelineId],
    state: [...(states.length > 0 ? states : EXECUTED_STATES)],
    from: new Date(fromMs - SUBMIT_MARGIN_MS).toISOString(),
    to: new Date(toMs + SUBMIT_MARGIN_MS).toISOString(),
  });
}

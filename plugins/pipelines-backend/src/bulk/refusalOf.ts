import {
  isTerminalRunState,
  LabelsSchema,
} from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineDefinition } from '../definitions';
import type { PipelineTarget } from '../permissions';
import type { RunCandidate } from '../runs';
import type { BulkRequest } from './types';

/** What a refusal depends on besides the run itself. */
export interface Circumstances {
  /** Undefined when the pipeline is not configured any more. */
  definitionOf(pipelineId: string): PipelineDefinition | undefined;
  /** Whether the caller may act on a run of theirs or of others. */
  mayControl(target: PipelineTarget): boolean;
  /** Whether the caller may submit runs of a pipeline. */
  mayRun(target: PipelineTarget): boolean;
  /** Runs that a retry can begin at a step of. */
  resumable: { has(runId: string): boolean };
}

/**
 * Why something cannot be done to a run now, in words that fit a list of reasons; undefined when
 * it can.
 */
export function refusalOf(
  run: RunCandidate,
  request: BulkRequest,
  circumstances: Circumstances,
): string | undefined {
  const target = { pipelineId: run.pipeline_id, submittedBy: run.submitted_by };
  if (circumstances.definitionOf(run.pipeline_id)?.internal) {
    return 'a bulk action itself';
  }
  if (!circumstances.mayControl(target)) {
    return 'not allowed';
  }
  switch (request.action) {
    case 'cancel':
      return refusalOfCancel(run, request, circumstances);
    case 'pause':
      return refusalOfPause(run, circumstances);
    case 'resume':
      return refusalOfResume(run);
    case 'retry':
      return refusalOfRetry(run, request, circumstances);
    case 'priority':
      return refusalOfPriority(run, request);
    default:
      return refusalOfLabels(run, request);
  }
}

function refusalOfCancel(
  run: RunCandidate,
  { force }: BulkRequest,
  { definitionOf }: Circumstances,
): string | undefined {
  if (isTerminalRunState(run.state)) {
    return 'already ended';
  }
  if (run.origin !== 'own') {
    return 'executed elsewhere';
  }
  if (run.state === 'cancelling' && (run.cancel_force || !force)) {
    return 'being cancelled already';
  }
  const capabilities = definitionOf(run.pipeline_id)?.capabilities;
  return run.state !== 'queued' && capabilities?.cancel === false
    ? 'its engine cannot cancel'
    : undefined;
}

function refusalOfPause(
  run: RunCandidate,
  { definitionOf }: Circumstances,
): string | undefined {
  if (isTerminalRunState(run.state)) {
    return 'already ended';
  }
  if (run.origin !== 'own') {
    return 'executed elsewhere';
  }
  if (run.pause_requested_at) {
    return 'paused or held already';
  }
  if (run.state === 'cancelling') {
    return 'being cancelled';
  }
  return run.state === 'queued' ||
    definitionOf(run.pipeline_id)?.capabilities.pause
    ? undefined
    : 'its engine cannot pause';
}

function refusalOfResume(run: RunCandidate): string | undefined {
  if (isTerminalRunState(run.state)) {
    return 'already ended';
  }
  if (run.state === 'cancelling') {
    return 'being cancelled';
  }
  if (run.state === 'pausing') {
    return 'still being paused';
  }
  return run.pause_requested_at ? undefined : 'neither paused nor held';
}

function refusalOfRetry(
  run: RunCandidate,
  { fromFailedStep }: BulkRequest,
  { definitionOf, mayRun, resumable }: Circumstances,
): string | undefined {
  if (run.origin !== 'own') {
    return 'executed elsewhere';
  }
  if (!isTerminalRunState(run.state)) {
    return 'not over yet';
  }
  const definition = definitionOf(run.pipeline_id);
  if (!definition) {
    return 'its pipeline is not configured any more';
  }
  if (!mayRun({ pipelineId: run.pipeline_id })) {
    return 'not allowed to run its pipeline';
  }
  if (fromFailedStep && !definition.resumableSteps) {
    return 'its pipeline cannot begin at a step';
  }
  return fromFailedStep && !resumable.has(run.id)
    ? 'no step that did not succeed'
    : undefined;
}

function refusalOfPriority(
  run: RunCandidate,
  { priority }: BulkRequest,
): string | undefined {
  if (run.state !== 'queued') {
    return isTerminalRunState(run.state) ? 'already ended' : 'started already';
  }
  return run.priority === priority ? 'has this priority already' : undefined;
}

function refusalOfLabels(
  run: RunCandidate,
  { labels = {} }: BulkRequest,
): string | undefined {
  const news = Object.entries(labels).filter(
    ([name, value]) =>
      !Object.hasOwn(run.labels, name) || run.labels[name] !== value,
  );
  if (news.length === 0) {
    return 'has these labels already';
  }
  return LabelsSchema.safeParse({ ...run.labels, ...labels }).success
    ? undefined
    : 'would have too many labels';
}

import { parseRunResourceRef } from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService } from '../definitions';
import type { PipelineResource } from './rules';

/** What must be known of runs to decide about them. */
export interface SubmittedRuns {
  /** Those of the named runs that there are, in any order. */
  identifyRuns(
    runIds: readonly string[],
  ): Promise<{ id: string; pipelineId: string; submittedBy: string }[]>;
}

/**
 * What each ref stands for: a pipeline by its id, or a run by `runResourceRef`, which is its
 * pipeline with who submitted it.
 *
 * @returns in the order of the refs, undefined for what there is not
 */
export async function findResources(options: {
  refs: readonly string[];
  definitions: Pick<DefinitionsService, 'listKnown'>;
  runs: SubmittedRuns;
}): Promise<(PipelineResource | undefined)[]> {
  const { refs, definitions, runs } = options;
  const runIds = refs.flatMap(ref => parseRunResourceRef(ref) ?? []);
  const [pipelines, submitted] = await Promise.all([
    definitions.listKnown(),
    runIds.length > 0 ? runs.identifyRuns(runIds) : [],
  ]);
  const knownPipelines = new Map(pipelines.map(item => [item.id, item]));
  const knownRuns = new Map(submitted.map(run => [run.id, run]));
  return refs.map(ref => {
    const runId = parseRunResourceRef(ref);
    if (!runId) {
      return knownPipelines.get(ref);
    }
    const run = knownRuns.get(runId);
    return (
      run && {
        ...(knownPipelines.get(run.pipelineId) ?? { id: run.pipelineId }),
        submittedBy: run.submittedBy,
      }
    );
  });
}

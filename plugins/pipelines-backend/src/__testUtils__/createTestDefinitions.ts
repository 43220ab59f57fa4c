import type { Knex } from 'knex';
import { DefinitionsService, type PipelineDefinition } from '../definitions';

/** What a test says about a pipeline; everything else gets a usual value. */
export type TestPipeline = { id: string } & Partial<PipelineDefinition>;

/** Definitions of the given pipelines, written to the table `pipelines` as at a start. */
export async function createTestDefinitions(
  knex: Knex,
  pipelines: readonly TestPipeline[],
): Promise<DefinitionsService> {
  return DefinitionsService.create({
    knex,
    definitions: pipelines.map(completePipeline),
  });
}

/** A definition with usual values where the test says nothing. */
export function completePipeline(pipeline: TestPipeline): PipelineDefinition {
  const stopGraceMs = pipeline.stopGraceMs ?? 10_000;
  return {
    title: pipeline.id,
    engine: 'fake',
    capabilities: { cancel: true, pause: false, logs: true, artifacts: true },
    parameters: { type: 'object', additionalProperties: true },
    after: [],
    maxAttempts: 1,
    retry: { delayMs: 0, maxDelayMs: 0, onTimeout: true },
    resumableSteps: false,
    retention: {},
    settingsRevision: 0,
    stopGraceMs,
    engineDefinition: { pipelineId: pipeline.id, stopGraceMs, options: {} },
    ...pipeline,
  };
}

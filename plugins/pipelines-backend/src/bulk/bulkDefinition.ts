import type { EngineCapabilities } from '@millrace/backstage-plugin-pipelines-common';
import type { PipelineDefinition } from '../definitions';

/** The pipeline whose runs are bulk actions; also the name of its function in the system engine. */
export const BULK_PIPELINE_ID = 'bulk-actions';

const MAX_ATTEMPTS = 3;
const STOP_GRACE_MS = 10_000;
const RETRY_DELAY_MS = 1_000;
const MAX_RETRY_DELAY_MS = 10_000;

/** The definition of the pipeline whose runs are bulk actions; part of no configuration. */
export function bulkDefinition(
  capabilities: EngineCapabilities,
): PipelineDefinition {
  return {
    id: BULK_PIPELINE_ID,
    title: 'Bulk actions',
    internal: true,
    description: 'Does something to many runs, one after the other',
    engine: 'system',
    capabilities,
    titleTemplate:
      'Bulk ${{ parameters.action }} of ${{ parameters.total }} runs',
    parameters: { type: 'object' },
    after: [],
    stopGraceMs: STOP_GRACE_MS,
    maxAttempts: MAX_ATTEMPTS,
    retry: {
      delayMs: RETRY_DELAY_MS,
      maxDelayMs: MAX_RETRY_DELAY_MS,
      onTimeout: true,
    },
    resumableSteps: false,
    retention: {},
    settingsRevision: 0,
    engineDefinition: {
      pipelineId: BULK_PIPELINE_ID,
      stopGraceMs: STOP_GRACE_MS,
      options: { handler: BULK_PIPELINE_ID },
    },
  };
}

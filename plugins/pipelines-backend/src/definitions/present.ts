import type {
  Pause,
  Pipeline,
  RecentRun,
} from '@millrace/backstage-plugin-pipelines-common';
import { CronPattern } from './cronPattern';
import type { PipelineDefinition } from './types';

/** A pipeline as the API shows it: never its command, environment or secrets. */
export function presentPipeline(options: {
  definition: PipelineDefinition;
  active: { queued: number; running: number };
  recentRuns: RecentRun[];
  paused: Pause | undefined;
  now: Date;
}): Pipeline {
  const { definition, active, recentRuns, paused, now } = options;
  const { id, title, description, owner, entity, engine, version } = definition;
  return {
    id,
    title,
    description,
    owner,
    entity,
    engine,
    capabilities: definition.capabilities,
    version,
    parameters: definition.parameters,
    schedule: definition.schedule && {
      ...definition.schedule,
      nextAt: definition.schedule.enabled
        ? new CronPattern(definition.schedule).next(now)?.toISOString()
        : undefined,
    },
    timeoutSeconds: definition.timeoutMs && definition.timeoutMs / 1_000,
    stopGraceSeconds: definition.stopGraceMs / 1_000,
    maxAttempts: definition.maxAttempts,
    resumableSteps: definition.resumableSteps,
    concurrency: definition.concurrency,
    after: definition.after.map(({ pipelineId }) => pipelineId),
    paused,
    settingsRevision: definition.settingsRevision,
    active,
    recentRuns,
  };
}

import type { EngineCapabilities } from '@millrace/backstage-plugin-pipelines-common';
import type { EngineDefinition } from '@millrace/backstage-plugin-pipelines-node';
import type { JsonObject } from '@backstage/types';

/** A pipeline as it is configured, checked, with every default filled in. */
export interface PipelineDefinition {
  id: string;
  title: string;
  description?: string;
  /** Entity ref of the owner, in full. */
  owner?: string;
  /** Ref of the entity that the pipeline belongs to, in full. */
  entity?: string;
  engine: string;
  capabilities: EngineCapabilities;
  version?: string;
  titleTemplate?: string;
  /** JSON Schema of type object that refuses parameters it does not name. */
  parameters: JsonObject;
  schedule?: { cron: string; timezone: string };
  /** How long an attempt may execute, in ms. */
  timeoutMs?: number;
  stopGraceMs: number;
  maxAttempts: number;
  engineDefinition: EngineDefinition;
}

/** What permissions and filters need to know of a pipeline, configured or removed. */
export interface KnownPipeline {
  id: string;
  title: string;
  owner?: string;
  entity?: string;
}

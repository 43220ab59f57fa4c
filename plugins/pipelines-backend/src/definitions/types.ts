import type {
  Concurrency,
  EngineCapabilities,
  MissedStartPolicy,
} from '@millrace/backstage-plugin-pipelines-common';
import type { EngineDefinition } from '@millrace/backstage-plugin-pipelines-node';
import type { JsonObject } from '@backstage/types';

/** A pipeline as it is configured, checked, with every default filled in. */
export interface PipelineDefinition {
  id: string;
  title: string;
  /** Whether it is one of our own, such as bulk actions: nobody runs it by hand, no list has it. */
  internal?: boolean;
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
  /** The parameter that names the folder which runs write to; a string. */
  outputFolderParameter?: string;
  schedule?: PipelineScheduleDefinition;
  /** Pipelines that start this one when they succeed. */
  after: readonly AfterDefinition[];
  concurrency?: Concurrency;
  /** How long an attempt may execute, in ms. */
  timeoutMs?: number;
  /** How long a run may wait in the queue from its start time on, in ms. */
  queueTimeoutMs?: number;
  /** How long a step may take, in ms. */
  stepTimeoutMs?: number;
  /** How long an attempt may write nothing, in ms. */
  noOutputTimeoutMs?: number;
  stopGraceMs: number;
  maxAttempts: number;
  retry: RetryPolicy;
  /** Whether a retry can begin at the first step that did not succeed. */
  resumableSteps: boolean;
  /** Shorter than what the portal keeps; in days. */
  retention: { logDays?: number; artifactDays?: number };
  /** The newest revision of its settings; 0 when they were never edited. */
  settingsRevision: number;
  engineDefinition: EngineDefinition;
}

/** When a pipeline starts by itself. */
export interface PipelineScheduleDefinition {
  cron: string;
  /** IANA name. */
  timezone: string;
  missed: MissedStartPolicy;
  enabled: boolean;
}

/** A pipeline whose success starts another. */
export interface AfterDefinition {
  pipelineId: string;
  /** Parameters of the started run; templates over the run that succeeded, such as `${{ run.id }}`. */
  parameters: JsonObject;
}

/**
 * When and how often a run goes again by itself.
 *
 * @remarks
 * The wait before attempt n + 1 is a random time between 0 and
 * `min(maxDelayMs, delayMs × 2^(n - 1))` ("full jitter").
 */
export interface RetryPolicy {
  delayMs: number;
  maxDelayMs: number;
  /** Exit codes after which it goes again; absent means every one but 0. */
  exitCodes?: readonly number[];
  /** Whether it goes again after a timeout. */
  onTimeout: boolean;
}

/** A watched folder, as far as it can be edited. */
export interface WatchSettings {
  enabled: boolean;
  /** Absolute, or relative to the root that commands start from. */
  folder: string;
  /** How long a file must have stopped growing. */
  stableSeconds: number;
}

/** The settings of the portal that hold. */
export interface PortalSettings {
  /** The newest revision; 0 when they were never edited. */
  revision: number;
  /** Runs at once over all pipelines and workers; absent means no limit. */
  concurrency?: number;
  /** Runs at once in this process. */
  slots: number;
  /** By the id of the watch. */
  watches: Readonly<Record<string, WatchSettings>>;
  /** How long runs and logs are kept, in days; a fraction where the configuration says hours. */
  retention: { runDays: number; logDays: number };
}

/** What the configuration says about the portal. */
export interface ConfiguredPortal extends Omit<PortalSettings, 'revision'> {
  /** Absolute folder that relative folders of watches start from. */
  root: string;
}

/** What permissions and filters need to know of a pipeline, configured or removed. */
export interface KnownPipeline {
  id: string;
  title: string;
  owner?: string;
  entity?: string;
}

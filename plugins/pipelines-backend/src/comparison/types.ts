/** The run whose success started another one, as far as it is known. */
export interface Upstream {
  pipelineId: string;
  version?: string;
  settings: number;
}

/** A step that began. */
export interface ComparedStep {
  hasSucceeded: boolean;
  /** Absent unless it has ended. */
  durationMs?: number;
}

/** A run, as far as it is compared with others of its pipeline. */
export interface ComparedRun {
  trigger: string;
  submitter: string;
  /** Secrets are masked. */
  parameters: Record<string, unknown>;
  version?: string;
  settings: number;
  resumedFrom?: string;
  /** How many there were. */
  attempts: number;
  /** Where the latest attempt was executed; absent when it never was. */
  host?: string;
  upstream?: Upstream;
  metrics: Readonly<Record<string, number>>;
  /** Of the latest attempt, by name and in order. */
  steps: ReadonlyMap<string, ComparedStep>;
  /** How long the latest attempt was executed; absent unless it has ended. */
  durationMs?: number;
}

import type { DefinitionsService } from '../definitions';

/** How long what runs leave behind is kept, in days. */
export interface Retention {
  runDays: number;
  logDays: number;
  /** Pipelines that keep something for a shorter time than that. */
  pipelines: readonly PipelineRetention[];
}

/** What one pipeline keeps for a shorter time, counted from the end of a run; in days. */
export interface PipelineRetention {
  pipelineId: string;
  logDays?: number;
  artifactDays?: number;
}

const DAY_MS = 86_400_000;
/** A partition of logs has a week, and goes only after all of it is over. */
const PARTITION_DAYS = 14;

/** Logs of runs that were submitted before this have gone with their partition. */
export function logsFrom(now: Date, logDays: number): Date {
  return new Date(now.getTime() - (logDays + PARTITION_DAYS) * DAY_MS);
}

/** How long things are kept when nobody says otherwise. */
export const DEFAULT_RETENTION: Retention = {
  runDays: 400,
  logDays: 30,
  pipelines: [],
};

/** What the configuration and the settings of the portal and of its pipelines say now. */
export function retentionOf(
  definitions: Pick<DefinitionsService, 'list' | 'portalSettings'>,
): Retention {
  const { runDays, logDays } = definitions.portalSettings().retention;
  const pipelines = definitions.list().map(({ id, retention }) => ({
    pipelineId: id,
    logDays: shorter(retention.logDays, logDays),
    artifactDays: shorter(retention.artifactDays, runDays),
  }));
  return {
    runDays,
    logDays,
    pipelines: pipelines.filter(
      item => item.logDays !== undefined || item.artifactDays !== undefined,
    ),
  };
}

/** Undefined when it is not shorter, because then the portal's holds. */
function shorter(days: number | undefined, than: number): number | undefined {
  return days !== undefined && days < than ? days : undefined;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERRORS_FILE } from '../ErrorLog.ts';
import { type RunStatus } from '../database/IngestionRun.ts';
import { type RunContext } from './RunContext.ts';
import { byCount } from './Tally.ts';

/** The name of the report in the artifacts folder. */
export const REPORT_FILE = 'report.json';

/** What a run tells about itself, in `ingestion_runs.report`, as output and as file. */
export type Report = Awaited<ReturnType<typeof createReport>>;

/** Counts what is in the archive now and says how the run went. */
export async function summarize(context: RunContext): Promise<RunStatus> {
  const { counts, errors, reporter, run } = context;
  const status = statusOf(context);
  const archive = await countArchive(context);
  const report = { ...createReport(context, status), archive };
  await run.finish({
    status,
    failureReason: status === 'failed' ? 'no-record-usable' : undefined,
    counts,
    report,
  });
  reporter.output('summary', report);
  reporter.metric('recordsRead', counts.read);
  reporter.metric('duplicatesAvoided', counts.duplicatesAvoided);
  // Node counts it in kibibytes
  reporter.metric('peakMemoryBytes', process.resourceUsage().maxRSS * 1024);
  await writeArtifacts(context, report);
  reporter.progress(1, `${counts.read} records read`);
  reporter.summary(
    `${counts.read} records read: ${counts.loaded} loaded, ${counts.updated} updated, ` +
      `${counts.duplicatesAvoided} duplicates avoided, ${counts.refused} refused; ` +
      `${counts.warnings} warnings, ${errors.total} errors: ${status}`,
  );
  return status;
}

/** The counts of a run, however it ended. */
export function createReport(context: RunContext, status: RunStatus) {
  const { counts, errors, run, tally } = context;
  return {
    ingestionRunId: run.id,
    source: run.sourceUrl,
    status,
    ...counts,
    warningsTotal: counts.warnings,
    errors: byCount(errors.counts),
    ...tally.toJSON(),
  };
}

/** Writes the report, and announces the errors' file if there is one. */
export async function writeArtifacts(
  { config, errors, reporter }: RunContext,
  report: object,
): Promise<void> {
  await errors.close();
  if (!config.artifactsFolder) {
    reporter.log(JSON.stringify(report));
    return;
  }
  const path = join(config.artifactsFolder, REPORT_FILE);
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);
  reporter.artifact(REPORT_FILE, 'application/json');
  if (errors.hasFile) {
    reporter.artifact(ERRORS_FILE, 'application/x-ndjson');
  }
}

function statusOf({ counts, errors }: RunContext): RunStatus {
  if (errors.total === 0) {
    return 'success';
  }
  return counts.refused < counts.read ? 'partial' : 'failed';
}

async function countArchive({
  archive,
}: RunContext): Promise<Record<string, number>> {
  const [counts] = await archive.query<Record<string, number>>(
    `select
      (select count(*) from public.workgroups)::integer as workgroups,
      (select count(*) from public.meetings)::integer as meetings,
      (select count(*) from public.agenda_items)::integer as "agendaItems",
      (select count(*) from public.action_items)::integer as "actionItems",
      (select count(*) from public.decision_items)::integer as "decisionItems",
      (select count(*) from public.discussion_points)::integer as "discussionPoints",
      (select count(*) from public.people)::integer as people,
      (select count(*) from public.meeting_links)::integer as links,
      (select count(*) from public.meeting_tags)::integer as tags`,
  );
  return counts;
}

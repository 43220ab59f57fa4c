import { ErrorLog } from './ErrorLog.ts';
import { Reporter, type StepName } from './Reporter.ts';
import { type IngestConfig } from './config.ts';
import { Archive } from './database/Archive.ts';
import { IngestionRun, type RunStatus } from './database/IngestionRun.ts';
import { grantReader, migrate } from './database/migrate.ts';
import { InterruptedError, SourceError, messageOf } from './errors.ts';
import { publicAddress } from './source/downloadSource.ts';
import { type SourceFile } from './source/SourceFile.ts';
import { type RunContext } from './steps/RunContext.ts';
import { Tally } from './steps/Tally.ts';
import { download } from './steps/download.ts';
import { load } from './steps/load.ts';
import { createReport, summarize, writeArtifacts } from './steps/summarize.ts';
import { validate } from './steps/validate.ts';

/** What a run needs besides its configuration. */
export type RunPipelineOptions = {
  config: IngestConfig;
  reporter: Reporter;
  /** Aborted when the run is to stop. */
  signal: AbortSignal;
  /** Where the SQL files are. */
  migrationsFolder: string;
};

/** How a run ended; `interrupted` stands in the archive as failed. */
export type RunResult = RunStatus | 'interrupted';

const DOWNLOADER_ID = 'ingest-meetings/1';

/** Ingests one source from its first byte to its report. */
export async function runPipeline(
  options: RunPipelineOptions,
): Promise<RunResult> {
  const { config, reporter } = options;
  const archive = await Archive.connect(config.databaseUrl);
  try {
    await prepareArchive(archive, options);
    const run = await startRun(archive, config);
    reporter.log(`Ingestion run ${run.id} of ${run.sourceUrl}`);
    const context: RunContext = {
      config,
      archive,
      run,
      reporter,
      errors: new ErrorLog(archive, run, config.artifactsFolder),
      tally: new Tally(),
      counts: {
        read: 0,
        processed: 0,
        loaded: 0,
        updated: 0,
        duplicatesAvoided: 0,
        refused: 0,
        warnings: 0,
      },
      signal: options.signal,
    };
    return await runSteps(context);
  } finally {
    // A connection that is lost already cannot be closed, and hides nothing
    await archive.close().catch(() => {});
  }
}

async function prepareArchive(
  archive: Archive,
  { config, reporter, migrationsFolder }: RunPipelineOptions,
): Promise<void> {
  for (const name of await migrate(archive, migrationsFolder)) {
    reporter.log(`Applied migration ${name}`);
  }
  if (config.readerRole) {
    await grantReader(archive, config.readerRole);
  }
  for (const id of await IngestionRun.buryDead(archive)) {
    reporter.log(`Run ${id} had died without a word and is now interrupted`);
  }
}

async function startRun(
  archive: Archive,
  config: IngestConfig,
): Promise<IngestionRun> {
  const sourceUrl = publicAddress(config.parameters.url);
  return IngestionRun.start(archive, {
    sourceName: config.parameters.sourceName ?? sourceUrl,
    sourceType: sourceUrl.startsWith('file:') ? 'file' : 'http',
    sourceUrl,
    downloaderId: DOWNLOADER_ID,
    millraceRunId: config.runId,
    attempt: config.attempt,
  });
}

async function runSteps(context: RunContext): Promise<RunResult> {
  let file: SourceFile | undefined;
  try {
    const source = await runStep(context, 'download', () => download(context));
    file = source.file;
    const valid = await runStep(context, 'validate', () =>
      validate(context, source),
    );
    await runStep(context, 'load', () => load(context, valid));
    return await runStep(context, 'summarize', () => summarize(context));
  } catch (error) {
    return await endEarly(context, error);
  } finally {
    await file?.close();
  }
}

async function runStep<TResult>(
  { reporter, signal }: RunContext,
  name: StepName,
  work: () => Promise<TResult>,
): Promise<TResult> {
  reporter.step(name, 'running');
  try {
    const result = await work();
    reporter.step(name, 'succeeded');
    return result;
  } catch (error) {
    // A step that was stopped did not fail; who stopped the run ends it
    if (!signal.aborted) {
      reporter.step(name, 'failed', messageOf(error));
    }
    throw error;
  }
}

/** Leaves the run marked as what it is, whatever ended it. */
async function endEarly(
  context: RunContext,
  error: unknown,
): Promise<RunResult> {
  const isInterrupted =
    context.signal.aborted || error instanceof InterruptedError;
  if (!isInterrupted) {
    await context.errors.add({
      type: error instanceof SourceError ? error.code : 'internal',
      message: messageOf(error),
    });
  }
  await context.errors.flush();
  const report = createReport(context, 'failed');
  await context.run.finish({
    status: 'failed',
    failureReason: isInterrupted ? 'interrupted' : messageOf(error),
    counts: context.counts,
    report,
  });
  await writeArtifacts(context, report);
  const reason = isInterrupted ? 'interrupted' : messageOf(error);
  context.reporter.summary(`The run failed: ${reason}`);
  return isInterrupted ? 'interrupted' : 'failed';
}

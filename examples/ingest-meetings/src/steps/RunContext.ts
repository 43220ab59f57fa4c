import { type ErrorLog } from '../ErrorLog.ts';
import { type Reporter } from '../Reporter.ts';
import { type IngestConfig } from '../config.ts';
import { type Archive } from '../database/Archive.ts';
import { type IngestionRun, type RunCounts } from '../database/IngestionRun.ts';
import { type StagedRecords } from '../database/StagedRecords.ts';
import { InterruptedError } from '../errors.ts';
import { type SourceFile } from '../source/SourceFile.ts';
import { type Tally } from './Tally.ts';

/** What the steps of a run share. */
export type RunContext = {
  config: IngestConfig;
  archive: Archive;
  run: IngestionRun;
  reporter: Reporter;
  errors: ErrorLog;
  tally: Tally;
  counts: RunCounts;
  signal: AbortSignal;
};

/** The source as `download` hands it on. */
export type DownloadedSource = { file: SourceFile };

/** The valid records as `validate` hands them on. */
export type ValidatedSource = DownloadedSource & {
  staged: StagedRecords;
  /** False when a part of the file could not be read. */
  isWhole: boolean;
};

/** @throws InterruptedError once the run was asked to stop */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new InterruptedError('The run was asked to stop');
  }
}

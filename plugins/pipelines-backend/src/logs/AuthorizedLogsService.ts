import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  isTerminalRunState,
  type LogPage,
  type LogQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { LogsService, RawLog } from './LogsService';
import type { ReadableRuns } from './types';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Shows logs of runs that the caller may see; of all others it says that there are none. */
export class AuthorizedLogsService {
  readonly #logs: LogsService;
  readonly #runs: ReadableRuns;

  constructor(options: { logs: LogsService; runs: ReadableRuns }) {
    this.#logs = options.logs;
    this.#runs = options.runs;
  }

  /**
   * {@inheritDoc LogsService.readRange}
   *
   * @throws NotFoundError also when the caller may not see the run
   */
  async readRange(
    runId: string,
    query: LogQuery,
    options: CallOptions,
  ): Promise<LogPage> {
    const run = await this.#runs.getRun(runId, options);
    const page = await this.#logs.readRange(runId, query);
    // A run that ended without an attempt will never have a log
    return page.attempt === 0
      ? { ...page, complete: isTerminalRunState(run.state) }
      : page;
  }

  /**
   * {@inheritDoc LogsService.openRaw}
   *
   * @throws NotFoundError also when the caller may not see the run
   */
  async openRaw(
    runId: string,
    attempt: number | undefined,
    options: CallOptions,
  ): Promise<RawLog & { fileName: string }> {
    const run = await this.#runs.getRun(runId, options);
    const log = await this.#logs.openRaw(runId, attempt);
    return {
      ...log,
      fileName: `${run.pipelineId}-${runId}-attempt-${log.attempt}.log`,
    };
  }
}

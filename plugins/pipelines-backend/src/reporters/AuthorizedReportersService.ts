import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  runReportPermission,
  type RunReceipt,
} from '@millrace/backstage-plugin-pipelines-common';
import { callerOf } from '../http';
import type { PipelineAccess } from '../permissions';
import type { ReportersService } from './ReportersService';
import { SERVICE_PREFIX } from './readReportersConfig';
import type {
  ForeignRun,
  ForeignRunId,
  ReportedFile,
  Reporter,
  RunReport,
  StepsReport,
} from './types';

const MAX_QUOTED_LENGTH = 80;

interface CallOptions {
  credentials: BackstageCredentials;
}

/**
 * Lets each caller report as the reporters that they may be, for the pipelines that these may
 * report. Everything else is forbidden, whether it is there or not.
 */
export class AuthorizedReportersService {
  readonly #reporters: ReportersService;
  readonly #access: PipelineAccess;

  constructor(options: {
    reporters: ReportersService;
    access: PipelineAccess;
  }) {
    this.#reporters = options.reporters;
    this.#access = options.access;
  }

  /** @throws NotAllowedError; see also `ReportersService.report` */
  async report(
    report: Omit<RunReport, 'caller'>,
    { credentials }: CallOptions,
  ): Promise<RunReceipt> {
    const { pipelineId } = report.request;
    const reporter = this.#reporterOf(report.reporter, credentials);
    await this.#assertPipeline(reporter, pipelineId, credentials);
    return this.#reporters.report({
      ...report,
      caller: callerOf(credentials).actor,
    });
  }

  /** @throws NotAllowedError; see also `ReportersService.reportSteps` */
  async reportSteps(
    report: Omit<StepsReport, 'runId'>,
    options: CallOptions,
  ): Promise<RunReceipt> {
    const run = await this.#runOf(report.foreign, options);
    return this.#reporters.reportSteps(run, report);
  }

  /** @throws NotAllowedError; see also `ReportersService.appendLog` */
  async appendLog(
    foreign: ForeignRunId,
    part: { offset: number; stream: 'stdout' | 'stderr'; bytes: Buffer },
    options: CallOptions,
  ): Promise<number> {
    const run = await this.#runOf(foreign, options);
    return this.#reporters.appendLog(run, part);
  }

  /** @throws NotAllowedError; see also `ReportersService.receiveArtifact` */
  async receiveArtifact(
    foreign: ForeignRunId,
    file: ReportedFile,
    options: CallOptions,
  ): Promise<RunReceipt> {
    const run = await this.#runOf(foreign, options);
    return this.#reporters.receiveArtifact(run, file);
  }

  async #runOf(
    foreign: ForeignRunId,
    { credentials }: CallOptions,
  ): Promise<ForeignRun> {
    const reporter = this.#reporterOf(foreign.reporter, credentials);
    const run = await this.#reporters.getRun(foreign);
    await this.#assertPipeline(reporter, run.pipelineId, credentials);
    return run;
  }

  /** Whoever may not be a reporter does not learn whether there is one. */
  #reporterOf(name: string, credentials: BackstageCredentials): Reporter {
    const { actor } = callerOf(credentials);
    const subject = actor.startsWith(SERVICE_PREFIX)
      ? actor.slice(SERVICE_PREFIX.length)
      : actor;
    const reporter = this.#reporters.findReporter(name);
    if (!reporter?.subjects.includes(subject)) {
      const quoted = name.slice(0, MAX_QUOTED_LENGTH);
      throw new NotAllowedError(
        `'${subject}' is not among the subjects of a reporter '${quoted}'; name it in 'pipelines.reporters.${quoted}.subjects'`,
      );
    }
    return reporter;
  }

  async #assertPipeline(
    reporter: Reporter,
    pipelineId: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (reporter.pipelines && !reporter.pipelines.includes(pipelineId)) {
      throw new NotAllowedError(
        `Reporter '${reporter.name}' may not report runs of '${pipelineId}'; name it in 'pipelines.reporters.${reporter.name}.pipelines'`,
      );
    }
    const allowed = await this.#access.isAllowed(
      runReportPermission,
      { pipelineId },
      credentials,
    );
    if (!allowed) {
      throw new NotAllowedError(
        `This needs the permission '${runReportPermission.name}' for pipeline '${pipelineId}'`,
      );
    }
  }
}

import { ConflictError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { RunReceipt } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { ArtifactsService } from '../artifacts';
import {
  renderTitle,
  type DefinitionsService,
  type PipelineDefinition,
} from '../definitions';
import type { LiveService } from '../live';
import type { LogsService } from '../logs';
import { assertStorable } from '../runs';
import { MASK, secretPaths, valueAt, withValues } from '../secrets';
import { DatabaseForeignRunsStore } from './DatabaseForeignRunsStore';
import type {
  ForeignRun,
  ForeignRunId,
  ReportedFile,
  Reporter,
  RunReport,
  StepsReport,
} from './types';

/** What a {@link ReportersService} is made of. */
export interface ReportersServiceOptions {
  knex: Knex;
  /** By name, as configured. */
  reporters: ReadonlyMap<string, Reporter>;
  definitions: DefinitionsService;
  logs: Pick<LogsService, 'appendAt'>;
  artifacts: Pick<ArtifactsService, 'receive'>;
  live: Pick<LiveService, 'grown'>;
}

/** Writes what reporters say of runs that are executed elsewhere; every call can be repeated. */
export class ReportersService {
  readonly #options: ReportersServiceOptions;
  readonly #store: DatabaseForeignRunsStore;

  constructor(options: ReportersServiceOptions) {
    this.#options = options;
    this.#store = new DatabaseForeignRunsStore(options.knex);
  }

  /** Undefined when no reporter of this name is configured. */
  findReporter(name: string): Reporter | undefined {
    return this.#options.reporters.get(name);
  }

  /**
   * The pipeline that runs are reported for.
   *
   * @throws NotFoundError when it is not configured, or is one of our own
   */
  getPipeline(pipelineId: string): PipelineDefinition {
    const definition = this.#options.definitions.find(pipelineId);
    if (!definition || definition.internal) {
      throw new NotFoundError(
        `No pipeline '${pipelineId}'; configure it under 'pipelines.definitions', with 'engine: outside' when it is executed only elsewhere`,
      );
    }
    return definition;
  }

  /** @throws NotFoundError when the reporter has not reported it */
  async getRun(foreign: ForeignRunId): Promise<ForeignRun> {
    const run = await this.#store.find(foreign);
    if (!run) {
      throw new NotFoundError(
        `No run '${foreign.externalId}' of '${foreign.reporter}'; report its state first`,
      );
    }
    return run;
  }

  /**
   * The run as it stands now; a late report changes nothing.
   *
   * @throws NotFoundError for an unknown pipeline, or a run to attach to that there is not;
   * ConflictError when it was reported differently before; InputError for what cannot be stored
   */
  async report(report: RunReport): Promise<RunReceipt> {
    assertStorable('fields of the report', report.request);
    assertStorable('external id', report.externalId);
    const definition = this.getPipeline(report.request.pipelineId);
    const parameters =
      report.request.parameters &&
      maskSecrets(definition, report.request.parameters as JsonObject);
    const receipt = await this.#store.report(
      { ...report, request: { ...report.request, parameters } },
      {
        title: renderTitle(definition, parameters ?? {}),
        pipelineVersion: definition.version,
      },
    );
    this.#options.live.grown(receipt.id);
    return receipt;
  }

  /**
   * All steps of a run so far.
   *
   * @throws ConflictError for two steps of one name, or a run that is part of one of ours
   */
  async reportSteps(
    run: ForeignRun,
    report: Omit<StepsReport, 'runId'>,
  ): Promise<RunReceipt> {
    assertOnItsOwn(run);
    assertStorable('steps', report.request);
    assertDifferentNames(report.request.steps.map(({ name }) => name));
    const receipt = await this.#store.reportSteps({
      ...report,
      runId: run.runId,
    });
    this.#options.live.grown(run.runId);
    return receipt;
  }

  /**
   * Appends bytes to the log of a run.
   *
   * @returns bytes of the reporter's log that are stored
   * @throws ConflictError when bytes before `offset` are missing, or the run is part of one of ours
   */
  async appendLog(
    run: ForeignRun,
    part: { offset: number; stream: 'stdout' | 'stderr'; bytes: Buffer },
  ): Promise<number> {
    assertOnItsOwn(run);
    const bytes = await this.#options.logs.appendAt(run.lease, part);
    await this.#store.touch(run.runId);
    return bytes;
  }

  /**
   * Keeps a file of a run, in place of one of this name.
   *
   * @throws InputError when it is not what its hash says, or too large; ConflictError when the
   * run has as many files as it may, or is part of one of ours
   */
  async receiveArtifact(
    run: ForeignRun,
    file: ReportedFile,
  ): Promise<RunReceipt> {
    assertOnItsOwn(run);
    await this.#options.artifacts.receive(run.lease, file);
    const receipt = await this.#store.touch(run.runId);
    this.#options.live.grown(run.runId);
    return receipt;
  }
}

function assertOnItsOwn({ runId, attached }: ForeignRun): void {
  if (attached) {
    throw new ConflictError(
      `This is a part of run '${runId}', which has steps, log and artifacts of its own; report only its state`,
    );
  }
}

function assertDifferentNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConflictError(
      `There are two steps '${twice}'; each step of a run has a name of its own`,
    );
  }
}

/** Without what the pipeline declares to be secret, because nobody here needs it. */
function maskSecrets(
  definition: PipelineDefinition,
  parameters: JsonObject,
): JsonObject {
  return withValues(
    parameters,
    secretPaths(definition.parameters)
      .filter(path => valueAt(parameters, path) !== undefined)
      .map(path => ({ path, value: MASK })),
  );
}

import { ConflictError, NotFoundError } from '@backstage/errors';
import type { RunReceipt } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { inTransaction, isUniqueViolation } from '../database';
import { lockRun, type RunRow } from '../runs';
import { foreignRunId } from './foreignRunId';
import { changeReportedRun } from './operations/changeReportedRun';
import { createReportedRun } from './operations/createReportedRun';
import {
  FOREIGN_RUNS_CONSTRAINT,
  insertForeignRun,
} from './operations/insertForeignRun';
import {
  readForeignRun,
  type ForeignRunRow,
} from './operations/readForeignRun';
import { recordAttachedReport } from './operations/recordAttachedReport';
import { recordResults } from './operations/recordResults';
import { replaceSteps } from './operations/replaceSteps';
import { updateForeignRun } from './operations/updateForeignRun';
import { applyReport } from './reportedFacts';
import type { ForeignRun, ForeignRunId, RunReport, StepsReport } from './types';

/** What a run gets from its pipeline when it is reported for the first time. */
export interface ReportedDefaults {
  title: string;
  pipelineVersion?: string;
}

/** How often two first reports of one run may meet. */
const MAX_TRIES = 3;

/** Runs of others in the plugin's database. */
export class DatabaseForeignRunsStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Undefined when the reporter has not reported it. */
  async find(foreign: ForeignRunId): Promise<ForeignRun | undefined> {
    const row = await readForeignRun(this.#knex, foreign);
    return (
      row && {
        runId: row.run_id,
        pipelineId: row.pipeline_id,
        attached: row.attached,
        lease: {
          runId: row.run_id,
          pipelineId: row.pipeline_id,
          attempt: 1,
          token: row.lease_token ?? '',
        },
      }
    );
  }

  /**
   * Writes the run as the report says it is; a late report changes nothing.
   *
   * @throws NotFoundError when there is no run to attach it to; ConflictError when it was
   * reported for another pipeline, or as a run of its own; InputError for what no run can be
   */
  async report(
    report: RunReport,
    defaults: ReportedDefaults,
  ): Promise<RunReceipt> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#transaction(trx =>
          this.#report(trx, report, defaults),
        );
      } catch (error) {
        const isMet = isUniqueViolation(error, FOREIGN_RUNS_CONSTRAINT);
        const isMetEarlier = isUniqueViolation(error, 'runs_pkey');
        if (tries === MAX_TRIES || !(isMet || isMetEarlier)) {
          throw error;
        }
      }
    }
  }

  /** Writes all steps of the run; a late report changes nothing. */
  async reportSteps(report: StepsReport): Promise<RunReceipt> {
    const { runId, foreign, request } = report;
    return this.#transaction(async trx => {
      const run = await lockRun(trx, runId);
      const known = await readForeignRun(trx, foreign);
      if (!isLate(known?.steps_sequence, request.sequence)) {
        await replaceSteps(trx, run, request.steps);
        await updateForeignRun(trx, foreign, {
          stepsSequence: request.sequence,
        });
      }
      return { id: run.id, state: run.state };
    });
  }

  /**
   * Remembers that the reporter was heard of.
   *
   * @throws NotFoundError when retention has removed the run meanwhile
   */
  async touch(runId: string): Promise<RunReceipt> {
    const [run]: RunReceipt[] = await this.#knex('runs')
      .where({ id: runId })
      .update({ last_report_at: this.#knex.raw('clock_timestamp()') }, [
        'id',
        'state',
      ]);
    if (!run) {
      throw new NotFoundError(`No run '${runId}'`);
    }
    return run;
  }

  async #report(
    trx: Knex.Transaction,
    report: RunReport,
    defaults: ReportedDefaults,
  ): Promise<RunReceipt> {
    const found = await readForeignRun(trx, report);
    if (!found) {
      return report.request.attachTo
        ? this.#attach(trx, report, report.request.attachTo)
        : this.#create(trx, report, defaults);
    }
    // The run first, as everybody does; and then once more, because it may just have changed.
    const run = await lockRun(trx, found.run_id);
    const known = (await readForeignRun(trx, report)) ?? found;
    assertSame(known, report);
    if (isLate(known.sequence, report.request.sequence)) {
      return { id: run.id, state: run.state };
    }
    const { sequence, state: word } = report.request;
    await updateForeignRun(trx, report, { word, sequence });
    if (!known.attached) {
      return this.#change(trx, run, report);
    }
    if (known.word !== word) {
      await recordAttachedReport(trx, {
        runId: run.id,
        report,
        isFirst: false,
      });
    }
    return { id: run.id, state: run.state };
  }

  async #create(
    trx: Knex.Transaction,
    report: RunReport,
    defaults: ReportedDefaults,
  ): Promise<RunReceipt> {
    const { reporter, externalId, request, caller } = report;
    const now = await readNow(trx);
    const facts = applyReport(undefined, request, now);
    const id = foreignRunId({
      origin: 'reported',
      sender: reporter,
      externalId,
      startAt: facts.queued_at,
      now,
    });
    await createReportedRun(trx, {
      ...defaults,
      id,
      reporter,
      externalId,
      caller,
      facts,
      pipelineId: request.pipelineId,
      title: request.title ?? defaults.title,
      parameters: request.parameters ?? {},
      labels: request.labels ?? {},
      host: request.host ?? '',
      word: request.state,
      sequence: request.sequence,
    });
    await recordResults(trx, id, request);
    return { id, state: facts.state };
  }

  async #change(
    trx: Knex.Transaction,
    run: RunRow,
    { request, caller }: RunReport,
  ): Promise<RunReceipt> {
    const facts = applyReport(run, request, await readNow(trx));
    const { title, parameters, labels, host } = request;
    await changeReportedRun(trx, run, {
      facts,
      title,
      parameters,
      labels,
      host,
      caller,
    });
    await recordResults(trx, run.id, request);
    return { id: run.id, state: facts.state };
  }

  async #attach(
    trx: Knex.Transaction,
    report: RunReport,
    runId: string,
  ): Promise<RunReceipt> {
    const { pipelineId, state: word, sequence } = report.request;
    const run = await lockRun(trx, runId);
    if (run.pipeline_id !== pipelineId) {
      throw new NotFoundError(`No run '${runId}' of pipeline '${pipelineId}'`);
    }
    if (run.origin !== 'own') {
      throw new ConflictError(
        `Run '${runId}' was executed elsewhere itself, so nothing can be attached to it`,
      );
    }
    const { reporter, externalId } = report;
    await insertForeignRun(trx, {
      reporter,
      externalId,
      runId,
      attached: true,
      word,
      sequence,
    });
    await recordAttachedReport(trx, { runId, report, isFirst: true });
    return { id: run.id, state: run.state };
  }

  #transaction<TResult>(
    write: (trx: Knex.Transaction) => Promise<TResult>,
  ): Promise<TResult> {
    return inTransaction(this.#knex, {}, write);
  }
}

function assertSame(
  known: ForeignRunRow,
  { reporter, externalId, request }: RunReport,
): void {
  if (known.pipeline_id !== request.pipelineId) {
    throw new ConflictError(
      `Run '${externalId}' of '${reporter}' was reported for pipeline '${known.pipeline_id}'; it cannot change to '${request.pipelineId}', so give the new one another id`,
    );
  }
  if (request.attachTo && request.attachTo !== known.run_id) {
    throw new ConflictError(
      `Run '${externalId}' of '${reporter}' was reported already, ${
        known.attached
          ? `as a part of run '${known.run_id}'`
          : 'as a run of its own'
      }, so it cannot be attached to run '${request.attachTo}'`,
    );
  }
}

/** Whether a report with this number came after one with the same or a greater number. */
function isLate(
  last: string | null | undefined,
  sequence: number | undefined,
): boolean {
  return (
    sequence !== undefined &&
    last !== null &&
    last !== undefined &&
    sequence <= Number(last)
  );
}

async function readNow(trx: Knex.Transaction): Promise<Date> {
  const { rows } = await trx.raw<{ rows: { now: Date }[] }>(
    'select clock_timestamp() as now',
  );
  return rows[0].now;
}

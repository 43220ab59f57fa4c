import { ConflictError, InputError } from '@backstage/errors';
import {
  LabelsSchema,
  type RunReceipt,
  type UpdateRunRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { isDeepStrictEqual } from 'node:util';
import { inTransaction, type TransactionOptions } from '../database';
import { assertStorable } from './assertStorable';
import { describeState } from './describeState';
import {
  changeRun,
  type ChangedRun,
  type RunChange,
} from './operations/changeRun';
import { lockRun } from './operations/lockRun';
import { readFrontPriority } from './operations/readFrontPriority';
import type { RunAction, RunRow } from './types';

/** What a bulk action asks for besides: labels that are added to those that a run has. */
export type ChangeRunRequest = UpdateRunRequest & {
  addLabels?: Readonly<Record<string, string>>;
};

/** Changes what people may change of a run after its submit. */
export class RunEditor {
  readonly #knex: Knex;

  constructor(options: { knex: Knex }) {
    this.#knex = options.knex;
  }

  /** See `RunsService.updateRun`. */
  async update(
    action: RunAction<ChangeRunRequest>,
    transaction: TransactionOptions,
  ): Promise<RunReceipt> {
    const { request, ...event } = action;
    assertSomeChange(request);
    assertStorable('labels', request.labels ?? {});
    assertStorable('note', request.note ?? '');
    return inTransaction(this.#knex, transaction, async trx => {
      const run = await lockRun(trx, action.runId);
      const columns: ChangedRun = {
        ...(await placeInQueue(trx, run, request)),
        labels: labelsOf(run, request),
        note: request.note === undefined ? undefined : request.note || null,
      };
      const changes = changesOf(run, columns, request.toFront);
      if (changes.length > 0) {
        await changeRun({ trx, run, columns, changes, ...event });
      }
      return { id: run.id, state: run.state };
    });
  }
}

async function placeInQueue(
  trx: Knex.Transaction,
  run: RunRow,
  request: ChangeRunRequest,
): Promise<ChangedRun> {
  const { priority, toFront, runAt } = request;
  if (priority === undefined && !toFront && runAt === undefined) {
    return {};
  }
  if (run.state !== 'queued') {
    throw new ConflictError(
      `Run '${run.id}' ${describeState(
        run,
      )}; priority and start time can be changed only while it is queued`,
    );
  }
  const front = toFront && (await readFrontPriority({ trx, run }));
  return {
    priority: front === undefined ? priority : Math.max(front, run.priority),
    ...(runAt !== undefined && (await newStart(trx, run, runAt))),
  };
}

function assertSomeChange(request: ChangeRunRequest): void {
  if (Object.values(request).every(value => value === undefined)) {
    throw new InputError(
      'Say what to change: priority, toFront, runAt, labels or note',
    );
  }
  if (request.toFront && request.priority !== undefined) {
    throw new InputError('Say either priority or toFront');
  }
}

/** The deadline in the queue moves with the start, because it is counted from there. */
async function newStart(
  trx: Knex.Transaction,
  run: RunRow,
  runAt: string,
): Promise<ChangedRun> {
  const { rows } = await trx.raw<{ rows: { now: Date }[] }>(
    'select clock_timestamp() as now',
  );
  const [{ now }] = rows;
  const asked = runAt === 'now' ? now : new Date(runAt);
  const start = asked > now ? asked : now;
  if (start <= now && run.run_at <= now) {
    return {};
  }
  const movedMs = start.getTime() - run.run_at.getTime();
  return {
    run_at: start,
    queue_deadline:
      run.queue_deadline && new Date(run.queue_deadline.getTime() + movedMs),
  };
}

function labelsOf(
  run: RunRow,
  { labels, addLabels }: ChangeRunRequest,
): Record<string, string> | undefined {
  if (!addLabels) {
    return labels;
  }
  const result = LabelsSchema.safeParse({ ...run.labels, ...addLabels });
  if (!result.success) {
    throw new InputError(
      `Run '${
        run.id
      }' cannot have these labels besides its own: ${result.error.issues
        .map(({ message }) => message)
        .join('; ')}`,
    );
  }
  return result.data;
}

/** What really differs, and how its events tell it. */
function changesOf(
  run: RunRow,
  columns: ChangedRun,
  toFront: true | undefined,
): RunChange[] {
  return (
    [
      ['priority', 'priority-changed'],
      ['run_at', 'start-changed'],
      ['labels', 'labels-changed'],
      ['note', 'note-changed'],
    ] as const
  )
    .map(([column, name]) => ({
      name,
      from: run[column],
      to: columns[column],
      ...(column === 'priority' && toFront && { toFront }),
    }))
    .filter(({ from, to }) => to !== undefined && !isDeepStrictEqual(from, to));
}

import { InputError } from '@backstage/errors';
import type {
  Backfill,
  BackfillRequest,
  RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { inTransaction } from '../database';
import { CronPattern, type DefinitionsService } from '../definitions';
import type { Actor } from '../runs';
import {
  scheduleOf,
  type DatabaseSchedulesStore,
  type PlannedStart,
} from './DatabaseSchedulesStore';
import type { ScheduledDefinition } from './ScheduleServer';
import { SCHEDULED_FOR_LABEL, type RunSubmitter } from './types';

/** Most planned starts that one backfill looks at. */
export const MAX_BACKFILL_STARTS = 1_000;

/** A backfill, and in whose name. */
export interface BackfillOptions {
  pipelineId: string;
  request: BackfillRequest;
  actor: Actor;
  trigger: RunTrigger;
}

/** Submits the runs of planned starts that are over. */
export class Backfiller {
  readonly #knex: Knex;
  readonly #store: DatabaseSchedulesStore;
  readonly #runs: RunSubmitter;
  readonly #definitions: Pick<DefinitionsService, 'get'>;

  constructor(options: {
    knex: Knex;
    store: DatabaseSchedulesStore;
    runs: RunSubmitter;
    definitions: Pick<DefinitionsService, 'get'>;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#runs = options.runs;
    this.#definitions = options.definitions;
  }

  /**
   * Submits one run for each planned start in `[from, to)`, all or none of them; with `dryRun`
   * it only says which.
   *
   * @throws NotFoundError for an unknown pipeline; InputError for one without a schedule, a range
   * without an inside, more than 1,000 starts, and starts that are still to come
   */
  async backfill(options: BackfillOptions): Promise<Backfill> {
    const definition = this.#definitions.get(options.pipelineId);
    assertScheduled(definition);
    const starts = listStarts(definition, options.request);
    if (options.request.dryRun) {
      const { now } = await this.#store.readAll();
      assertOver(starts, now);
      const known = await this.#store.listRuns(
        this.#knex,
        definition.id,
        starts,
      );
      return present(starts, known, options.request.again);
    }
    return inTransaction(this.#knex, {}, async trx => {
      const now = await this.#lock(trx, definition);
      assertOver(starts, now);
      const known = await this.#store.listRuns(trx, definition.id, starts);
      const planned = present(starts, known, options.request.again);
      const made = new Map<string, string>();
      for (const { startAt, isNew } of planned.starts) {
        if (isNew) {
          made.set(startAt, await this.#submit(trx, options, startAt));
        }
      }
      await this.#store.addRuns(
        trx,
        definition.id,
        [...made].map(([startAt, runId]) => ({
          startAt: new Date(startAt),
          runId,
        })),
      );
      return {
        ...planned,
        starts: planned.starts.map(start => ({
          ...start,
          runId: made.get(start.startAt) ?? start.runId,
        })),
      };
    });
  }

  /** @returns the database's time */
  async #lock(
    trx: Knex.Transaction,
    definition: ScheduledDefinition,
  ): Promise<Date> {
    await this.#store.lock(trx, scheduleOf(definition));
    const { rows } = await trx.raw('select now() as now');
    return rows[0].now;
  }

  async #submit(
    trx: Knex.Transaction,
    { pipelineId, request, actor, trigger }: BackfillOptions,
    startAt: string,
  ): Promise<string> {
    const { id } = await this.#runs.submitRun(
      {
        request: {
          pipelineId,
          parameters: {},
          labels: { [SCHEDULED_FOR_LABEL]: startAt },
          note: request.note,
        },
        actor,
        trigger,
        reason: `Backfill from ${request.from} to ${request.to}`,
      },
      { trx },
    );
    return id;
  }
}

function assertScheduled(
  definition: ReturnType<DefinitionsService['get']>,
): asserts definition is ScheduledDefinition {
  if (!definition.schedule) {
    throw new InputError(
      `Pipeline '${definition.id}' has no schedule, so it has no planned starts; submit a run of it instead`,
    );
  }
}

function listStarts(
  { id, schedule }: ScheduledDefinition,
  request: BackfillRequest,
): Date[] {
  const from = new Date(request.from);
  const to = new Date(request.to);
  if (from >= to) {
    throw new InputError(
      `The range of a backfill must end after it begins, and ${request.to} is not after ${request.from}`,
    );
  }
  const pattern = new CronPattern(schedule);
  const starts: Date[] = [];
  let start = pattern.next(new Date(from.getTime() - 1));
  while (start && start < to) {
    if (starts.length === MAX_BACKFILL_STARTS) {
      throw new InputError(
        `Pipeline '${id}' has more than ${MAX_BACKFILL_STARTS} planned starts from ${
          request.from
        } to ${
          request.to
        }; backfill them in parts, the first one up to ${start.toISOString()}`,
      );
    }
    starts.push(start);
    start = pattern.next(start);
  }
  return starts;
}

function assertOver(starts: readonly Date[], now: Date): void {
  const last = starts.at(-1);
  if (last && last > now) {
    throw new InputError(
      `The start planned for ${last.toISOString()} is still to come, and the schedule makes its run; end the range at ${now.toISOString()}`,
    );
  }
}

function present(
  starts: readonly Date[],
  known: readonly PlannedStart[],
  again = false,
): Backfill {
  const runs = new Map(
    known.map(({ startAt, runId }) => [startAt.getTime(), runId]),
  );
  const shown = starts.map(startAt => {
    const runId = runs.get(startAt.getTime());
    return {
      startAt: startAt.toISOString(),
      runId,
      isNew: again || runId === undefined,
    };
  });
  return { starts: shown, count: shown.filter(({ isNew }) => isNew).length };
}

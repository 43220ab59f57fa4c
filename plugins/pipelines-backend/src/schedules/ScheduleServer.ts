import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { inTransaction } from '../database';
import { CronPattern, type PipelineDefinition } from '../definitions';
import type { QueueControl } from '../queue';
import { appendEvent } from '../runs';
import {
  scheduleOf,
  type DatabaseSchedulesStore,
  type Schedule,
  type ServedSchedule,
} from './DatabaseSchedulesStore';
import { isRefusal } from './isRefusal';
import { recordRefusedStart } from './operations/recordRefusedStart';
import { planStarts, type StartPlan } from './planStarts';
import { SCHEDULED_FOR_LABEL, type RunSubmitter } from './types';

/** A pipeline that has a schedule. */
export type ScheduledDefinition = PipelineDefinition &
  Required<Pick<PipelineDefinition, 'schedule'>>;

/** The runs of one round for one schedule, and what became of its other starts. */
interface Round {
  trx: Knex.Transaction;
  definition: ScheduledDefinition;
  plan: StartPlan;
  now: Date;
}

/**
 * Submits what is due of schedules.
 *
 * @remarks
 * A schedule is served in one transaction that holds its row, so that several processes, or one
 * that dies meanwhile, make one run of each planned start.
 */
export class ScheduleServer {
  readonly #knex: Knex;
  readonly #store: DatabaseSchedulesStore;
  readonly #runs: RunSubmitter;
  readonly #pauses: QueueControl['pauses'];
  readonly #logger: LoggerService;
  readonly #maxMissed: number;
  /** The first start that is not served of each pipeline, and of which schedule. */
  readonly #next = new Map<string, { key: string; start?: Date }>();

  constructor(options: {
    knex: Knex;
    store: DatabaseSchedulesStore;
    runs: RunSubmitter;
    /** The pauses that hold now. */
    pauses: QueueControl['pauses'];
    logger: LoggerService;
    /** Most runs that are made of missed starts at once. */
    maxMissedStarts: number;
  }) {
    this.#knex = options.knex;
    this.#store = options.store;
    this.#runs = options.runs;
    this.#pauses = options.pauses;
    this.#logger = options.logger;
    this.#maxMissed = options.maxMissedStarts;
  }

  /** Serves these schedules as they are now; one that fails does not hold up the others. */
  async serve(definitions: readonly ScheduledDefinition[]): Promise<void> {
    const { now, served } = await this.#store.readAll();
    for (const definition of definitions) {
      try {
        if (this.#hasWork(definition, served.get(definition.id), now)) {
          await this.#serveOne(definition);
        }
      } catch (error) {
        this.#logger.error(
          `The schedule of pipeline '${definition.id}' could not be served; it is tried again`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  /** Whether there is anything to write, by what is known without a lock. */
  #hasWork(
    definition: ScheduledDefinition,
    served: ServedSchedule | undefined,
    now: Date,
  ): boolean {
    const schedule = scheduleOf(definition);
    if (!served) {
      return true;
    }
    if (served.revision > schedule.revision) {
      return false;
    }
    if (!isSame(schedule, served)) {
      return true;
    }
    const next = schedule.enabled ? this.#nextOf(served) : undefined;
    return next !== undefined && next <= now;
  }

  /** The first start that is not served; it stays the same from round to round. */
  #nextOf({
    pipelineId,
    cron,
    timezone,
    servedUntil,
  }: ServedSchedule): Date | undefined {
    const key = JSON.stringify([cron, timezone, servedUntil]);
    const known = this.#next.get(pipelineId);
    if (known?.key === key) {
      return known.start;
    }
    const start = new CronPattern({ cron, timezone }).next(servedUntil);
    this.#next.set(pipelineId, { key, start });
    return start;
  }

  async #serveOne(definition: ScheduledDefinition): Promise<void> {
    const pauses = await this.#pauses();
    const drops = [pauses.queue, pauses.pipelines.get(definition.id)].some(
      pause => pause?.scheduledRuns === 'drop',
    );
    await inTransaction(this.#knex, {}, async trx => {
      const locked = await this.#store.lock(trx, scheduleOf(definition));
      if (!locked || !definition.schedule.enabled) {
        return;
      }
      const plan = planStarts({
        ...locked,
        pattern: new CronPattern(definition.schedule),
        missed: definition.schedule.missed,
        maxMissed: this.#maxMissed,
      });
      if (!plan) {
        return;
      }
      const round = { trx, definition, plan, now: locked.now };
      if (drops) {
        this.#logger.info(
          `Left out of pipeline '${
            definition.id
          }', which is paused without its scheduled runs: ${describe(plan)}`,
        );
      } else {
        await this.#submitAll(round);
      }
      await this.#store.markServed(trx, definition.id, locked.now);
    });
  }

  async #submitAll({ trx, definition, plan, now }: Round): Promise<void> {
    const known = await this.#store.listRuns(trx, definition.id, plan.starts);
    const open = plan.starts.filter(
      start => !known.some(({ startAt }) => +startAt === +start),
    );
    const made = [];
    for (const startAt of open) {
      const runId = await this.#submit(trx, definition.id, startAt);
      if (runId) {
        made.push({ startAt, runId });
      }
    }
    await this.#store.addRuns(trx, definition.id, made);
    if (plan.skipsMissed) {
      await this.#tellOfSkipped({ trx, definition, plan, now }, made[0]?.runId);
    }
  }

  /** @returns the id of the run; undefined when it was refused or made by an older version */
  async #submit(
    trx: Knex.Transaction,
    pipelineId: string,
    startAt: Date,
  ): Promise<string | undefined> {
    const start = startAt.toISOString();
    try {
      const { id } = await this.#runs.submitRun(
        {
          request: {
            pipelineId,
            parameters: {},
            labels: { [SCHEDULED_FOR_LABEL]: start },
          },
          actor: `schedule:${pipelineId}`,
          trigger: 'schedule',
          idempotencyKey: start,
        },
        { trx },
      );
      return id;
    } catch (error) {
      // A version that knew no labels has made the run of this start.
      if (error instanceof Error && error.name === 'ConflictError') {
        return undefined;
      }
      if (!isRefusal(error)) {
        throw error;
      }
      this.#logger.warn(
        `The start of pipeline '${pipelineId}' planned for ${start} was refused: ${error.message}`,
      );
      await recordRefusedStart(trx, {
        pipelineId,
        trigger: 'schedule',
        source: `schedule:${pipelineId}`,
        message: `The start planned for ${start}: ${error.message}`,
      });
      return undefined;
    }
  }

  async #tellOfSkipped(
    { trx, definition, plan, now }: Round,
    runId: string | undefined,
  ): Promise<void> {
    const reason = `Planned starts before ${(
      plan.starts[0] ?? now
    ).toISOString()} were missed and skipped (missed: ${
      definition.schedule.missed
    })`;
    this.#logger.warn(`Pipeline '${definition.id}': ${reason}`);
    if (runId) {
      await appendEvent(trx, {
        runId,
        kind: 'warning',
        name: 'starts-skipped',
        actor: `schedule:${definition.id}`,
        reason,
      });
    }
  }
}

function isSame(one: Schedule, other: Schedule): boolean {
  return (
    one.cron === other.cron &&
    one.timezone === other.timezone &&
    one.enabled === other.enabled &&
    one.revision === other.revision
  );
}

function describe({ starts, skipsMissed }: StartPlan): string {
  const times = starts.map(start => start.toISOString());
  return [...(skipsMissed ? ['missed starts'] : []), ...times].join(', ');
}

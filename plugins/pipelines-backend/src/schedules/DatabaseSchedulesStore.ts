import type { Knex } from 'knex';
import type { PipelineDefinition } from '../definitions';

/** A schedule as it holds now. */
export interface Schedule {
  pipelineId: string;
  cron: string;
  /** IANA name. */
  timezone: string;
  enabled: boolean;
  /** The revision of the settings that it is from. */
  revision: number;
}

/** A schedule as it was when it was last served, and how far. */
export interface ServedSchedule extends Schedule {
  /** Every start up to this time was submitted or skipped. */
  servedUntil: Date;
}

/** The run of a planned start. */
export interface PlannedStart {
  startAt: Date;
  runId: string;
}

interface ScheduleRow {
  pipeline_id: string;
  cron: string;
  timezone: string;
  enabled: boolean;
  revision: number;
  served_until: Date;
}

/** Keeps how far each schedule has been served, and its runs; all times are the database's. */
export class DatabaseSchedulesStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Every schedule that was ever served, by id of its pipeline, and the database's time. */
  async readAll(): Promise<{ now: Date; served: Map<string, ServedSchedule> }> {
    const { rows } = await this.#knex.raw<{
      rows: (ScheduleRow & { now: Date })[];
    }>(
      `select clock.now, s.* from (select now() as now) clock left join schedules s on true`,
    );
    const served = rows
      .filter(row => row.pipeline_id !== null)
      .map((row): [string, ServedSchedule] => [
        row.pipeline_id,
        presentRow(row),
      ]);
    return { now: rows[0].now, served: new Map(served) };
  }

  /**
   * Locks the schedule until the end of the transaction, and writes it as it holds now.
   *
   * @remarks
   * One that is new, has another pattern or was not enabled counts as served until now.
   *
   * @returns how far it has been served, and the database's time; undefined when another process
   * knows newer settings of it
   */
  async lock(
    trx: Knex.Transaction,
    schedule: Schedule,
  ): Promise<{ servedUntil: Date; now: Date } | undefined> {
    const { rows } = await trx.raw(
      `insert into schedules as known (pipeline_id, cron, timezone, enabled, revision, served_until)
       values (:pipelineId, :cron, :timezone, :enabled, :revision, now())
       on conflict (pipeline_id) do update set
         served_until = case
           when known.cron = excluded.cron and known.timezone = excluded.timezone and known.enabled
           then known.served_until else excluded.served_until end,
         cron = excluded.cron, timezone = excluded.timezone,
         enabled = excluded.enabled, revision = excluded.revision
       where known.revision <= excluded.revision
       returning served_until, now() as now`,
      { ...schedule },
    );
    return rows[0] && { servedUntil: rows[0].served_until, now: rows[0].now };
  }

  /** Records that every start up to this time is dealt with. */
  async markServed(
    trx: Knex.Transaction,
    pipelineId: string,
    until: Date,
  ): Promise<void> {
    await trx('schedules')
      .where({ pipeline_id: pipelineId })
      .andWhere('served_until', '<', until)
      .update({ served_until: until });
  }

  /** The newest run of each of these starts that has one. */
  async listRuns(
    knex: Knex,
    pipelineId: string,
    starts: readonly Date[],
  ): Promise<PlannedStart[]> {
    const rows = await knex('planned_starts')
      .distinctOn('start_at')
      .where({ pipeline_id: pipelineId })
      .whereIn('start_at', [...starts])
      .orderBy([{ column: 'start_at' }, { column: 'run_id', order: 'desc' }])
      .select('start_at', 'run_id');
    return rows.map(row => ({ startAt: row.start_at, runId: row.run_id }));
  }

  /** Records the runs of planned starts; the caller holds the lock of the schedule. */
  async addRuns(
    trx: Knex.Transaction,
    pipelineId: string,
    starts: readonly PlannedStart[],
  ): Promise<void> {
    if (starts.length > 0) {
      await trx('planned_starts').insert(
        starts.map(({ startAt, runId }) => ({
          pipeline_id: pipelineId,
          start_at: startAt,
          run_id: runId,
        })),
      );
    }
  }
}

/** The schedule of a pipeline that has one. */
export function scheduleOf({
  id,
  schedule,
  settingsRevision,
}: PipelineDefinition &
  Required<Pick<PipelineDefinition, 'schedule'>>): Schedule {
  const { cron, timezone, enabled } = schedule;
  return {
    pipelineId: id,
    cron,
    timezone,
    enabled,
    revision: settingsRevision,
  };
}

function presentRow(row: ScheduleRow): ServedSchedule {
  return {
    pipelineId: row.pipeline_id,
    cron: row.cron,
    timezone: row.timezone,
    enabled: row.enabled,
    revision: row.revision,
    servedUntil: row.served_until,
  };
}

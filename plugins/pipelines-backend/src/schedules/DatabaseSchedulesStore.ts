import type { Knex } from 'knex';

/** A schedule as it is configured. */
export interface Schedule {
  pipelineId: string;
  cron: string;
  /** IANA name. */
  timezone: string;
}

/** Keeps how far each schedule has been served; all times are the database's. */
export class DatabaseSchedulesStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * How far the schedule has been served, and the database's time.
   *
   * @remarks
   * A schedule that is new, or whose pattern has changed, counts as served until now.
   */
  async read(schedule: Schedule): Promise<{ servedUntil: Date; now: Date }> {
    const { rows } = await this.#knex.raw(
      `insert into schedules as known (pipeline_id, cron, timezone, served_until)
       values (?, ?, ?, now())
       on conflict (pipeline_id) do update set
         served_until = case when known.cron = excluded.cron and known.timezone = excluded.timezone
           then known.served_until else excluded.served_until end,
         cron = excluded.cron, timezone = excluded.timezone
       returning served_until, now() as now`,
      [schedule.pipelineId, schedule.cron, schedule.timezone],
    );
    return { servedUntil: rows[0].served_until, now: rows[0].now };
  }

  /** Records that every start up to this time is dealt with. */
  async markServed(pipelineId: string, until: Date): Promise<void> {
    await this.#knex('schedules')
      .where({ pipeline_id: pipelineId })
      .andWhere('served_until', '<', until)
      .update({ served_until: until });
  }
}

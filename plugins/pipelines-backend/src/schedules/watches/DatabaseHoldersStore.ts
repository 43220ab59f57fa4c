import type { Knex } from 'knex';
import { cleanText } from '../../runs';

const MAX_MESSAGE_LENGTH = 2_000;

/** Who looks at a folder, on which host. */
export interface Holder {
  watchId: string;
  host: string;
  /** Id of the process, new at each start. */
  id: string;
}

/** Keeps who looks at watched folders, and what is wrong with them. */
export class DatabaseHoldersStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Lets one process of each host look at a folder, and keeps what it says of it.
   *
   * @returns whether it is this one
   */
  async hold(
    holder: Holder,
    options: { seconds: number; problem?: string },
  ): Promise<boolean> {
    const { rows } = await this.#knex.raw(
      `insert into folder_watches as known (watch_id, host, holder, held_until, problem)
       values (:watchId, :host, :id, now() + :seconds * interval '1 second', :problem)
       on conflict (watch_id, host) do update set
         holder = excluded.holder, held_until = excluded.held_until, problem = excluded.problem
       where known.holder = excluded.holder or known.held_until < now()
       returning 1`,
      {
        ...holder,
        seconds: options.seconds,
        problem: options.problem
          ? cleanText(options.problem, MAX_MESSAGE_LENGTH)
          : null,
      },
    );
    return rows.length > 0;
  }

  /** Lets another process look at the folder at once. */
  async release({ watchId, host, id }: Holder): Promise<void> {
    await this.#knex('folder_watches')
      .where({ watch_id: watchId, host, holder: id })
      .delete();
  }

  /** What hosts say of a folder that they look at now: a problem, or none. */
  async listProblems(watchId: string): Promise<(string | undefined)[]> {
    const rows = await this.#knex('folder_watches')
      .where({ watch_id: watchId })
      .andWhere('held_until', '>=', this.#knex.fn.now())
      .orderBy('host')
      .select('problem');
    return rows.map(row => row.problem ?? undefined);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPostgres } from '../../tests/harness/index.ts';

const WATCH_EVERY_MS = 100;

/** Looks again and again how many runs of the limited pipeline have a lease. */
export class LimitWatch {
  /** Most that were seen. */
  highest = 0;
  readonly #postgres: TestPostgres;

  constructor(postgres: TestPostgres) {
    this.#postgres = postgres;
  }

  async until(end: number): Promise<void> {
    while (Date.now() < end) {
      const [row] = await this.#postgres
        .query<{ active: number }>(
          `select count(*)::int as active from runs
            where pipeline_id = 'soak-limited' and lease_token is not null`,
        )
        .catch(() => []);
      this.highest = Math.max(this.highest, row?.active ?? 0);
      await sleep(WATCH_EVERY_MS);
    }
  }
}

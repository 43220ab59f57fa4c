import type { Health } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveService } from '../live';

type Check = Health['checks'][number];

/** A due run that nobody claims for longer than this is worth a word. */
const QUEUE_PATIENCE_SECONDS = 300;
/** A worker without a heartbeat for longer than this counts as gone. */
const WORKER_PATIENCE_SECONDS = 15;
/** Whoever asks for health wants an answer also when the database gives none. */
const DATABASE_PATIENCE_MS = 3_000;

interface QueueFigures {
  waitingSeconds: number;
  activeWorkers: number;
}

/**
 * Whether the parts of the backend work, without naming anything that needs a permission.
 *
 * @remarks
 * Anybody may ask, so all who ask at the same time share one question to the database.
 */
export class HealthService {
  readonly #knex: Knex;
  readonly #live: Pick<LiveService, 'connected'>;
  readonly #patienceMs: number;
  #asking: Promise<QueueFigures> | undefined;

  constructor(options: {
    knex: Knex;
    live: Pick<LiveService, 'connected'>;
    /** How long the database may take to answer; default 3 s. */
    patienceMs?: number;
  }) {
    this.#knex = options.knex;
    this.#live = options.live;
    this.#patienceMs = options.patienceMs ?? DATABASE_PATIENCE_MS;
  }

  async getHealth(): Promise<Health> {
    const checks = [...(await this.#databaseChecks()), this.#liveCheck()];
    return {
      state: checks.every(check => check.state === 'ok') ? 'ok' : 'degraded',
      checks,
      at: new Date().toISOString(),
    };
  }

  async #databaseChecks(): Promise<Check[]> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    const answered = new AbortController();
    const tooLate = sleep(this.#patienceMs, undefined, {
      signal: answered.signal,
    }).then(() => {
      throw new Error('The database took too long');
    });
    try {
      const figures = await Promise.race([this.#asking, tooLate]);
      return [
        { name: 'database', state: 'ok', message: 'The database answers' },
        queueCheck(figures.waitingSeconds),
        workersCheck(figures.activeWorkers),
      ];
    } catch {
      // A connection that hangs must not be waited for again.
      this.#asking = undefined;
      return [
        {
          name: 'database',
          state: 'degraded',
          message: 'The database does not answer',
        },
      ];
    } finally {
      answered.abort();
    }
  }

  async #ask(): Promise<QueueFigures> {
    const { rows } = await this.#knex.raw(
      `select
         (select extract(epoch from now() - min(run_at)) from runs where state = 'queued' and origin = 'own') as waiting_seconds,
         (select count(*) from workers where stopping_at is null
            and heartbeat_at > now() - make_interval(secs => ?)) as active_workers`,
      [WORKER_PATIENCE_SECONDS],
    );
    return {
      waitingSeconds: Number(rows[0].waiting_seconds ?? 0),
      activeWorkers: Number(rows[0].active_workers),
    };
  }

  #liveCheck(): Check {
    return this.#live.connected
      ? { name: 'live', state: 'ok', message: 'Changes arrive at once' }
      : {
          name: 'live',
          state: 'degraded',
          message: 'Changes arrive by polling, some seconds late',
        };
  }
}

function queueCheck(waitingSeconds: number): Check {
  return waitingSeconds > QUEUE_PATIENCE_SECONDS
    ? {
        name: 'queue',
        state: 'degraded',
        message: `A run has been due for ${Math.round(
          waitingSeconds / 60,
        )} minutes and nobody has claimed it`,
      }
    : { name: 'queue', state: 'ok', message: 'Due runs are claimed' };
}

function workersCheck(active: number): Check {
  return active > 0
    ? { name: 'workers', state: 'ok', message: `${active} active` }
    : {
        name: 'workers',
        state: 'degraded',
        message: 'No worker is active, so queued runs do not start',
      };
}

import type { PortalApi, TestPortal } from '../../harness/index.ts';
import { until } from '../../harness/index.ts';
import type { BenchWorkerOptions, FaultBench } from './FaultBench.ts';
import type { FaultPipeline } from './pipelines.ts';

const SUBMITS_AT_ONCE = 8;
const REACH_MIDDLE_MS = 300_000;

/** A worker that was killed in the middle of its work. */
export interface KilledWorker {
  /** The name of its machine. */
  host: string;
  /** As it was known to the queue; the next process there has another. */
  workerId: string;
  /** Epoch ms. */
  killedAt: number;
}

/** Workers on machines of their own, as far as they can tell, and a portal that only submits. */
export class WorkerCrew {
  readonly workers = new Map<string, TestPortal>();
  readonly api: PortalApi;
  readonly #bench: FaultBench;

  /** Starts the portal and then, one by one, its workers. */
  static async start(
    bench: FaultBench,
    workers: readonly BenchWorkerOptions[],
  ): Promise<WorkerCrew> {
    const portal = await bench.startBackend({ executes: false });
    const crew = new WorkerCrew(bench, await portal.apiAs());
    for (const options of workers) {
      crew.workers.set(options.host, await bench.startWorker(options));
    }
    return crew;
  }

  private constructor(bench: FaultBench, api: PortalApi) {
    this.#bench = bench;
    this.api = api;
  }

  /** Submits runs and adds their ids, in the order of the answers. */
  async submitMany(
    pipelineId: FaultPipeline,
    count: number,
    ids: string[] = [],
  ): Promise<string[]> {
    let left = count;
    const submitSome = async () => {
      while (left > 0) {
        left -= 1;
        ids.push(await this.#bench.submit(this.api, pipelineId));
      }
    };
    await Promise.all(Array.from({ length: SUBMITS_AT_ONCE }, submitSome));
    return ids;
  }

  /** Waits until these runs are over; it takes more time when they are many. */
  async overAll(ids: readonly string[]): Promise<void> {
    await until(async () => (await this.#countOver(ids)) === ids.length, {
      what: `${ids.length} runs to be over`,
      timeoutMs: 60_000 + ids.length * 1_000,
    });
  }

  /** Kills a worker that executes some of these runs when so many of them are over. */
  async killOnTheWay(
    host: string,
    ids: readonly string[],
    over: number,
  ): Promise<KilledWorker> {
    const worker = this.workers.get(host)!;
    const [{ id }] = await until(
      async () => {
        const busy = await this.#bench.postgres.query<{ id: string }>(
          `select w.id from workers w join runs r on r.lease_owner = w.id
            where w.host = $1 and w.pid = $2 and r.id = any($3::uuid[])
              and r.lease_token is not null limit 1`,
          [host, worker.pid, ids],
        );
        return busy.length > 0 && (await this.#countOver(ids)) >= over && busy;
      },
      {
        what: `'${host}' to be in the middle`,
        pollMs: 10,
        timeoutMs: REACH_MIDDLE_MS,
      },
    );
    const killedAt = Date.now();
    worker.kill('SIGKILL');
    await worker.exited();
    return { host, workerId: id, killedAt };
  }

  async #countOver(ids: readonly string[]): Promise<number> {
    const [{ over }] = await this.#bench.postgres.query<{ over: number }>(
      `select count(*)::int as over from runs
        where id = any($1::uuid[]) and finished_at is not null`,
      [ids],
    );
    return over;
  }
}

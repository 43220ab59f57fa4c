import assert from 'node:assert/strict';
import path from 'node:path';
import {
  type PortalApi,
  requireInvariants,
  startBackendOnly,
  startPostgres,
  startWorkerOnly,
  type TestPortal,
  type TestPostgres,
  until,
} from '../../harness/index.ts';
import { inRoot } from '../../../scripts/lib/paths.ts';
import { makeTemporaryFolder } from '../../../scripts/lib/temporaryFolder.ts';
import { type FaultPipeline, FAULT_PIPELINES } from './pipelines.ts';
import { Records } from './Records.ts';

const DEFAULT_SLOTS = 8;
const PRETEND = inRoot('tests/faults/support/pretend.cjs');

/** A run as its row says. */
export interface RunRow {
  state: string;
  attempt: number;
  lease_owner: string | null;
  exit_code: number | null;
  exit_signal: string | null;
  error_kind: string | null;
  error_message: string | null;
}

/** How a backend of the bench differs from the others. */
export interface BenchBackendOptions {
  /** Runs at once; default 8. */
  slots?: number;
  /** Most bytes of a log; default 1 GiB. */
  maxLogBytes?: number;
  /** Whether `blockEventLoop` may be used on it. */
  debuggable?: boolean;
  /** Whether it executes runs itself; default true. */
  executes?: boolean;
  /** Added to its environment, such as the POSTGRES_PORT of a proxy. */
  env?: Record<string, string>;
}

/** How a worker of the bench differs from the others. */
export interface BenchWorkerOptions {
  /** The name of the machine that it believes to be on. */
  host: string;
  /** Runs at once; default 8. */
  slots?: number;
  /** How far its clock is ahead; default 0. */
  clockAheadMs?: number;
  /** The checkout whose worker is started; default: this one. */
  checkout?: string;
  /** Added to its environment. */
  env?: Record<string, string>;
}

/** How to submit a run, see `FaultBench.submit`. */
export interface SubmitOptions {
  parameters?: Record<string, unknown>;
  note?: string;
  /** ISO; default: at once. */
  runAt?: string;
  idempotencyKey?: string;
}

/** A Postgres, and backends on it that share their data folder as those of one host do. */
export class FaultBench {
  readonly #folder = makeTemporaryFolder('faults');
  readonly #portals: TestPortal[] = [];
  readonly postgres: TestPostgres;
  readonly dataDirectory = path.join(this.#folder.path, 'data');
  readonly records = new Records(path.join(this.#folder.path, 'records'));

  /** @param options - `durable` when the database is to be killed */
  static async open(options: { durable?: boolean } = {}): Promise<FaultBench> {
    return new FaultBench(await startPostgres(options));
  }

  private constructor(postgres: TestPostgres) {
    this.postgres = postgres;
  }

  /** Starts one more backend that executes the fault pipelines and those of the demo. */
  async startBackend(options: BenchBackendOptions = {}): Promise<TestPortal> {
    const { maxLogBytes, debuggable, executes = true } = options;
    return this.#keep(
      await startBackendOnly({
        postgres: this.postgres,
        dataDirectory: this.dataDirectory,
        env: {
          FAULTS_FOLDER: this.records.folder,
          ...(debuggable && { NODE_OPTIONS: '--inspect-port=0' }),
          ...options.env,
        },
        configOverrides: configOf({ ...options, executes, maxLogBytes }),
      }),
    );
  }

  /** Starts one more worker, on a machine of its own as far as it can tell. */
  async startWorker(options: BenchWorkerOptions): Promise<TestPortal> {
    const { host, clockAheadMs = 0, checkout } = options;
    return this.#keep(
      await startWorkerOnly({
        postgres: this.postgres,
        // Beside the others and beginning alike, so that whoever looks for processes finds all.
        dataDirectory: `${this.dataDirectory}-${host}`,
        checkout,
        env: {
          FAULTS_FOLDER: this.records.folder,
          NODE_OPTIONS: `--require ${PRETEND}`,
          PRETEND_HOST: host,
          PRETEND_CLOCK_AHEAD_MS: String(clockAheadMs),
          ...options.env,
        },
        configOverrides: configOf(options),
      }),
    );
  }

  /** Submits a run; resolves with its id. */
  async submit(
    api: PortalApi,
    pipelineId: FaultPipeline | 'transcode',
    options: SubmitOptions = {},
  ): Promise<string> {
    const { idempotencyKey, ...body } = options;
    const { id } = await api.post<{ id: string }>(
      '/api/pipelines/runs',
      { pipelineId, ...body },
      idempotencyKey ? { 'idempotency-key': idempotencyKey } : {},
    );
    return id;
  }

  async run(runId: string): Promise<RunRow> {
    const [row] = await this.postgres.query<RunRow & Record<string, unknown>>(
      `select state, attempt, lease_owner, exit_code, exit_signal, error_kind, error_message
         from runs where id = $1`,
      [runId],
    );
    return row;
  }

  /** Waits until a run is in a state, in a given attempt if it matters. */
  async reaches(
    runId: string,
    state: string,
    options: { attempt?: number; timeoutMs?: number } = {},
  ): Promise<RunRow> {
    let row: RunRow | undefined;
    return await until(
      async () => {
        row = await this.run(runId);
        const isAttempt =
          options.attempt === undefined || row.attempt === options.attempt;
        return row.state === state && isAttempt && row;
      },
      {
        what: `run ${runId} to be ${state}`,
        timeoutMs: options.timeoutMs ?? 60_000,
      },
    ).catch(error => {
      throw new Error(`${error.message}; it is ${JSON.stringify(row)}`);
    });
  }

  /** Waits until a ticker prints in an attempt of a run that says it is running. */
  async ticks(runId: string, attempt = 1): Promise<void> {
    await this.reaches(runId, 'running', { attempt });
    await until(
      () => this.records.processesOf(runId, attempt).some(p => p.lines > 2),
      { what: `attempt ${attempt} of run ${runId} to print` },
    );
  }

  /** The bytes of a log as people download them. */
  async rawLog(api: PortalApi, runId: string, attempt = 1): Promise<Buffer> {
    const response = await api.fetch(
      `/api/pipelines/runs/${runId}/logs/raw?attempt=${attempt}`,
    );
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
  }

  /**
   * Compares what a ticker has printed with what is stored.
   *
   * @throws when a line is missing, double or cut, or the attempt was started twice
   */
  async requireWholeLog(
    api: PortalApi,
    runId: string,
    attempt = 1,
  ): Promise<void> {
    const name = `attempt ${attempt} of run ${runId}`;
    const processes = this.records.processesOf(runId, attempt);
    assert.equal(processes.length, 1, `${name} was started once`);
    const stored = (await this.rawLog(api, runId, attempt)).toString();
    const count = stored.split('\n').length - 1;
    const expected = Array.from(
      { length: count },
      (_, index) => `line ${index + 1}\n`,
    ).join('');
    assert.equal(stored, expected, `the log of ${name} is in order`);
    const [{ lines }] = processes;
    // Killed between printing a line and recording it, it has printed one more.
    assert.ok(
      count === lines || count === lines + 1,
      `${name} has printed ${lines} lines, and ${count} are stored`,
    );
  }

  /** Checks what must hold when every run is over. */
  async requireQuiet(): Promise<void> {
    const open = await this.postgres.query(
      `select id, state from runs where origin = 'own' and finished_at is null`,
    );
    assert.deepEqual(open, [], 'every run is over');
    await requireInvariants(this.postgres, {
      dataDirectory: this.dataDirectory,
    });
  }

  #keep(portal: TestPortal): TestPortal {
    this.#portals.push(portal);
    return portal;
  }

  async close(): Promise<void> {
    await Promise.all(this.#portals.map(portal => portal.stop()));
    await this.postgres.stop();
    this.#folder.remove();
  }
}

function configOf(options: {
  slots?: number;
  executes?: boolean;
  maxLogBytes?: number;
}): Record<string, unknown> {
  const { slots = DEFAULT_SLOTS, executes = true, maxLogBytes } = options;
  return {
    pipelines: {
      worker: { enabled: executes, slots, stopWait: { seconds: 0 } },
      definitions: FAULT_PIPELINES,
      ...(maxLogBytes && { logs: { maxBytes: maxLogBytes } }),
    },
  };
}

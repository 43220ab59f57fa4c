import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../../scripts/lib/paths.ts';
import { findFreePort } from '../../../scripts/lib/ports.ts';
import { makeTemporaryFolder } from '../../../scripts/lib/temporaryFolder.ts';
import {
  type PortalApi,
  requireInvariants,
  startBackendOnly,
  startPostgres,
  type TestPortal,
  type TestPostgres,
  until,
} from '../../harness/index.ts';

const REPORT_ONLY_TOKEN = 'a-token-that-may-only-report';

/** What a run looks like to somebody who reads it. */
export interface OutsideRun {
  id: string;
  pipelineId: string;
  state: string;
  origin: string;
  title: string;
  foreignState?: string;
  finishedAt?: string;
  progress?: number;
  summary?: string;
  labels: Record<string, string>;
  parameters: Record<string, unknown>;
  error?: { kind: string; message: string; exitCode?: number };
}

/** A `run-pipeline-once` that was started. */
export interface Runner {
  child: ChildProcess;
  /** What it has printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended. */
  code: Promise<number | null>;
}

/** How to start `run-pipeline-once`, see `OutsideBench.start`. */
export interface RunnerOptions {
  /** Default: the token of the demo. */
  tokenFile?: string;
  /** Default: a folder that all runners of the bench share. */
  spool?: string;
  portal?: string;
  env?: NodeJS.ProcessEnv;
}

/** A portal, and a machine beside it that runs commands and reports them. */
export class OutsideBench {
  readonly postgres: TestPostgres;
  readonly portal: TestPortal;
  readonly api: PortalApi;
  readonly folder: string;
  readonly tokenFile: string;
  readonly reportOnlyFile: string;
  readonly spool: string;
  readonly #runners: Runner[] = [];
  readonly #remove: () => void;

  private constructor(options: {
    machine: Machine;
    postgres: TestPostgres;
    portal: TestPortal;
    api: PortalApi;
  }) {
    const { machine, postgres, portal, api } = options;
    this.postgres = postgres;
    this.portal = portal;
    this.api = api;
    this.folder = machine.folder;
    this.tokenFile = machine.tokenFile;
    this.reportOnlyFile = machine.reportOnlyFile;
    this.spool = machine.spool;
    this.#remove = machine.remove;
  }

  /**
   * @param definitions - pipelines besides those of the demo; with OUTSIDE_PORTAL,
   * OUTSIDE_TOKEN_FILE and OUTSIDE_SPOOL in their `env` their commands can report as well
   */
  static async open(definitions: object = {}): Promise<OutsideBench> {
    const postgres = await startPostgres();
    try {
      return await OutsideBench.#open(postgres, definitions);
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  static async #open(
    postgres: TestPostgres,
    definitions: object,
  ): Promise<OutsideBench> {
    const machine = prepareMachine(postgres);
    const port = await findFreePort();
    const portal = await startBackendOnly({
      postgres,
      port,
      configOverrides: configOf(postgres, definitions),
      env: {
        OUTSIDE_PORTAL: `http://localhost:${port}`,
        OUTSIDE_TOKEN_FILE: machine.tokenFile,
        OUTSIDE_SPOOL: machine.spool,
      },
    });
    const api = await portal.apiAs();
    return new OutsideBench({ machine, postgres, portal, api });
  }

  /** Starts `run-pipeline-once` with the flags that every use needs, and these. */
  start(args: string[], options: RunnerOptions = {}): Runner {
    const child = spawn(
      process.execPath,
      [inRoot('scripts/run-pipeline-once.mjs'), ...args],
      {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          MILLRACE_PORTAL: options.portal ?? this.portal.url,
          MILLRACE_TOKEN_FILE: options.tokenFile ?? this.tokenFile,
          MILLRACE_SPOOL: options.spool ?? this.spool,
          MILLRACE_REPORTER: 'nightly-cron',
          ...options.env,
        },
      },
    );
    const printed = { stdout: '', stderr: '' };
    child.stdout.on('data', part => (printed.stdout += part));
    child.stderr.on('data', part => (printed.stderr += part));
    const runner = {
      child,
      get stdout() {
        return printed.stdout;
      },
      get stderr() {
        return printed.stderr;
      },
      code: new Promise<number | null>(resolve => {
        child.once('close', resolve);
      }),
    };
    this.#runners.push(runner);
    return runner;
  }

  /** Starts it and waits for its end. */
  async run(args: string[], options?: RunnerOptions) {
    const runner = this.start(args, options);
    const code = await runner.code;
    return { code, stdout: runner.stdout, stderr: runner.stderr };
  }

  /** The run that was reported under an id. */
  async find(externalId: string): Promise<OutsideRun | undefined> {
    const [row] = await this.postgres.query<{ run_id: string }>(
      `select run_id from foreign_runs where external_id = $1`,
      [externalId],
    );
    return row && (await this.read<OutsideRun>(row.run_id));
  }

  /** Waits until a run that is reported under an id is in a state. */
  async reaches(externalId: string, state: string): Promise<OutsideRun> {
    return await until(
      async () => {
        const run = await this.find(externalId);
        return run?.state === state && run;
      },
      { what: `'${externalId}' to be ${state}`, timeoutMs: 60_000 },
    );
  }

  /** What the API says about a run. */
  read<T>(runId: string, rest = ''): Promise<T> {
    return this.api.json<T>(`/api/pipelines/runs/${runId}${rest}`);
  }

  async items<T>(runId: string, what: string): Promise<T[]> {
    const { items } = await this.read<{ items: T[] }>(runId, `/${what}`);
    return items;
  }

  async rawLog(runId: string): Promise<Buffer> {
    const response = await this.api.fetch(
      `/api/pipelines/runs/${runId}/logs/raw`,
    );
    return Buffer.from(await response.arrayBuffer());
  }

  /** Folders of runs that wait to be sent. */
  waiting(spool = this.spool): string[] {
    return fs.existsSync(spool) ? fs.readdirSync(spool) : [];
  }

  async close(): Promise<void> {
    this.#runners.forEach(({ child }) => child.kill('SIGKILL'));
    await requireInvariants(this.postgres);
    await this.portal.stop();
    await this.postgres.stop();
    this.#remove();
  }
}

interface Machine {
  folder: string;
  tokenFile: string;
  reportOnlyFile: string;
  spool: string;
  remove: () => void;
}

function prepareMachine({ credentials }: TestPostgres): Machine {
  const folder = makeTemporaryFolder('outside');
  const machine = {
    folder: folder.path,
    tokenFile: path.join(folder.path, 'cron.token'),
    reportOnlyFile: path.join(folder.path, 'report-only.token'),
    spool: path.join(folder.path, 'spool'),
    remove: folder.remove,
  };
  fs.writeFileSync(machine.tokenFile, credentials.cronToken);
  fs.writeFileSync(machine.reportOnlyFile, REPORT_ONLY_TOKEN);
  return machine;
}

function configOf({ credentials }: TestPostgres, definitions: object) {
  const token = (subject: string, value: string, permission: string[]) => ({
    type: 'static',
    options: { token: value, subject },
    accessRestrictions: [{ plugin: 'pipelines', permission }],
  });
  return {
    backend: {
      auth: {
        externalAccess: [
          token('external:cron', credentials.cronToken, [
            'pipelines.run.report',
            'pipelines.pipeline.read',
            'pipelines.pipeline.run',
            'pipelines.run.read',
          ]),
          token('external:report-only', REPORT_ONLY_TOKEN, [
            'pipelines.run.report',
          ]),
        ],
      },
    },
    pipelines: {
      reporters: {
        'nightly-cron': {
          subjects: ['external:cron', 'external:report-only'],
          pipelines: [
            'server-backup',
            'nightly-report',
            ...Object.keys(definitions),
          ],
        },
      },
      definitions,
    },
  };
}

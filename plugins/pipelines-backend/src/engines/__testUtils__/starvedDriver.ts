/**
 * A worker that runs out of something: starts an attempt, takes all that there is, tries to start
 * another one, gives it back, and tries again. Its arguments are what it runs out of
 * (`descriptors` or `processes`) and a work folder; it writes one line of JSON, a
 * {@link StarvedReport}.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '@backstage/types';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  AttemptContext,
  AttemptEnd,
} from '@millrace/backstage-plugin-pipelines-node';
import { ProcessEngine } from '../process/ProcessEngine';

/** What a starved worker has seen. */
export interface StarvedReport {
  /** Why nothing could be started meanwhile. */
  refusal: string;
  /** How what was running before has ended, and what it had written. */
  first: { end: AttemptEnd; lines: string[] };
  /** How what was started afterwards has ended. */
  second: AttemptEnd;
}

const silent: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};

/** Takes every descriptor that there is, and those that become free. */
class OpenFiles {
  readonly #files: number[] = [];
  readonly #timer = setInterval(() => this.#take(), 1);

  constructor() {
    this.#take();
  }

  release(): void {
    clearInterval(this.#timer);
    this.#files.forEach(file => closeSync(file));
  }

  #take(): void {
    try {
      for (;;) {
        this.#files.push(openSync('/dev/null', 'r'));
      }
    } catch {
      // That was the last one.
    }
  }
}

/** Lets this process start no other. */
class ProcessLimit {
  static async set(): Promise<ProcessLimit> {
    const script = `prlimit --pid $0 --nproc=1: && echo set && read && prlimit --pid $0 --nproc=10000: && echo unset`;
    const guard = spawn('bash', ['-c', script, `${process.pid}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(guard.stdout, 'data');
    return new ProcessLimit(guard);
  }

  private constructor(
    private readonly guard: ChildProcessByStdio<Writable, Readable, null>,
  ) {}

  async release(): Promise<void> {
    const answer = once(this.guard.stdout, 'data');
    this.guard.stdin.end('\n');
    await answer;
  }
}

let started = 0;

async function main(what: string, workRoot: string): Promise<void> {
  const engine = ProcessEngine.create({
    workRoot,
    logger: silent,
    shimPoolSize: 0,
    // So that the log needs a new file every few lines.
    limits: { segmentBytes: 100 },
  });
  const lines: string[] = [];
  const start = (script: string) => {
    started += 1;
    const context: AttemptContext = {
      runId: `00000000-0000-4000-8000-00000000000${started}`,
      attempt: 1,
      idempotencyKey: 'key',
      definition: {
        pipelineId: 'starved',
        command: ['bash', '-c', script],
        cwd: workRoot,
        stopGraceMs: 1_000,
        options: {},
      },
      parameters: {},
      sink: {
        log: async batch => {
          lines.push(
            ...batch.lines.map(({ bytes }) => `${Buffer.from(bytes)}`),
          );
        },
        message: async () => {},
      },
    };
    return engine.start(context);
  };
  const first = await start(
    'for n in $(seq 100); do echo $n; sleep 0.02; done',
  );
  const hoard =
    what === 'descriptors' ? new OpenFiles() : await ProcessLimit.set();
  const refusal = await start('true').then(
    () => 'none',
    error => `${error.message}`,
  );
  await hasEnded(first.handle);
  await hoard.release();
  const end = await first.end;
  const second = await start('exit 3').then(attempt => attempt.end);
  await engine.stop();
  const report: StarvedReport = {
    refusal,
    first: { end, lines },
    second,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** Resolves when the command of an attempt is over, and all that it wrote is in the spool. */
async function hasEnded({ child }: JsonObject): Promise<void> {
  const { pid } = child as { pid: number };
  while (existsSync(`/proc/${pid}`)) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await new Promise(resolve => setTimeout(resolve, 1_000));
}

void main(process.argv[2], process.argv[3]);

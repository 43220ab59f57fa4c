import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type {
  AttemptContext,
  AttemptEnd,
  Engine,
  EngineDefinition,
  RecoverContext,
} from '@millrace/backstage-plugin-pipelines-node';
import type { Exit, Identity, StartMessage } from '../../../shim/protocol';
import { type AttemptId, AttemptFolder } from '../AttemptFolder';
import { withDescriptors } from '../withDescriptors';
import { checkProcessDefinition } from './checkProcessDefinition';
import { childEnvironment } from './childEnvironment';
import { Delivery } from './Delivery';
import { attemptEnd, readExit, sayExitWarnings } from './exitRecord';
import { parseHandle, type ProcessHandle } from './handle';
import { monotonicMs } from './monotonicMs';
import { ProcessAttempt } from './ProcessAttempt';
import type { Shim } from './Shim';
import { ShimPool } from './ShimPool';

const DEFAULT_SHIM_POOL_SIZE = 2;

/** Times and sizes of an attempt; the defaults are the promises of the engine contract. */
export type ProcessLimits = StartMessage['limits'];

const DEFAULT_LIMITS: ProcessLimits = {
  leaseTermMs: 10_000,
  leaseKillMs: 14_000,
  spoolBytes: 64 * 1024 * 1024,
  segmentBytes: 8 * 1024 * 1024,
  drainMs: 1_000,
  tailMs: 500,
};

/** Options of {@link ProcessEngine.create}. */
export interface ProcessEngineOptions {
  /** Folder in which attempts keep their files, on a local disk, absolute. */
  workRoot: string;
  logger: LoggerService;
  /**
   * Shims that wait for an attempt, started ahead: one per slot; default 2. A function says how
   * many it should be by now, and is asked again with each run.
   */
  shimPoolSize?: number | (() => number);
  /** Where the variables that definitions name come from; default `process.env`. */
  environment?: NodeJS.ProcessEnv;
  /** Overrides single times and sizes. */
  limits?: Partial<ProcessLimits>;
}

/**
 * Executes runs as processes of this host.
 *
 * @remarks
 * Between this process and each command stands a shim (`shim/main.js`), which starts the
 * command, writes its log to a spool on disk, and ends it when this process dies, freezes or
 * loses the lease. This class reads the spool and delivers it.
 */
export class ProcessEngine implements Engine {
  static create(options: ProcessEngineOptions): ProcessEngine {
    return new ProcessEngine(options);
  }

  readonly id = 'process';
  readonly capabilities = {
    cancel: true,
    // Whether everything stands still can only be seen in /proc.
    pause: existsSync('/proc/self/task'),
    logs: true,
    artifacts: true,
  };
  readonly #workRoot: string;
  readonly #logger: LoggerService;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #limits: ProcessLimits;
  readonly #shims: ShimPool;

  private constructor(options: ProcessEngineOptions) {
    this.#workRoot = options.workRoot;
    this.#logger = options.logger;
    this.#environment = options.environment ?? process.env;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    const size = options.shimPoolSize ?? DEFAULT_SHIM_POOL_SIZE;
    this.#shims = ShimPool.create({
      size: typeof size === 'function' ? size : () => size,
      workRoot: options.workRoot,
      environment: this.#environment,
      logger: options.logger,
    });
  }

  checkDefinition(definition: EngineDefinition): string[] {
    return checkProcessDefinition(definition);
  }

  async start(context: AttemptContext): Promise<ProcessAttempt> {
    const leasedAt = context.leasedAt ?? performance.now();
    const folder = await AttemptFolder.create(this.#workRoot, context);
    let shim: Shim | undefined;
    try {
      shim = await this.#shims.take();
      return await this.#start({ ...context, leasedAt }, folder, shim);
    } catch (error) {
      shim?.end();
      await folder.remove().catch(problem => {
        this.#logger.warn(
          `The folder of run '${context.runId}' is removed later: ${problem}`,
        );
      });
      throw error;
    }
  }

  async recover(context: RecoverContext): Promise<AttemptEnd> {
    const folder = AttemptFolder.of(this.#workRoot, context);
    const exit = await this.#salvage(context, parseHandle(context.handle));
    const { secrets } = childEnvironment(context, folder, this.#environment);
    const delivery = new Delivery({
      spoolFolder: folder.spool,
      artifactsFolder: folder.artifacts,
      sink: context.sink,
      secrets,
      from: context.resumeFrom,
    });
    delivery.finish(exit?.position ?? Infinity);
    try {
      await delivery.run();
      await sayExitWarnings(context.sink, exit);
    } catch (error) {
      this.#logger.info(
        `Run '${context.runId}' takes nothing from its lost attempt ${context.attempt}: ${error}`,
      );
      return { kind: 'lost', message: 'The lease of the run was lost' };
    }
    return attemptEnd(exit);
  }

  /** Ends the shims that wait; attempts that are running are not touched. */
  async stop(): Promise<void> {
    await this.#shims.stop();
  }

  async #start(
    context: AttemptContext,
    folder: AttemptFolder,
    shim: Shim,
  ): Promise<ProcessAttempt> {
    // Written before the order, so that nothing can be alive of which nobody knows.
    const identity = await shim.ready;
    await writeFile(folder.shim, JSON.stringify(identity), { mode: 0o600 });
    const { env, secrets, warnings } = childEnvironment(
      context,
      folder,
      this.#environment,
    );
    const delivery = new Delivery({
      spoolFolder: folder.spool,
      artifactsFolder: folder.artifacts,
      sink: context.sink,
      secrets,
      from: 0,
      onDelivered: position => shim.send({ type: 'ack', position }),
    });
    const order = this.#order(context, folder, env, secrets);
    const child = await shim.start(order, {
      onSpool: position => delivery.advance(position),
      onTrouble: message => {
        this.#logger.error(`Run '${context.runId}': ${message}`);
        // Whoever looks at the run must see why it stands still.
        context.sink
          .message({ type: 'warning', message })
          .catch(error =>
            this.#logger.error(
              `Run '${context.runId}' cannot be told so: ${error}`,
            ),
          );
      },
    });
    const handle: ProcessHandle = { shim: identity, child };
    return new ProcessAttempt({
      context,
      shim,
      handle: handle as unknown as JsonObject,
      delivery,
      warnings,
      salvage: () => this.#salvage(context, handle),
      logger: this.#logger,
    });
  }

  #order(
    context: AttemptContext,
    folder: AttemptFolder,
    env: Record<string, string>,
    secrets: string[],
  ): StartMessage {
    const { runId, attempt, definition } = context;
    return {
      type: 'start',
      runId,
      attempt,
      argv: [...(definition.command ?? [])],
      cwd: definition.cwd ?? process.cwd(),
      env,
      secrets,
      spoolFolder: folder.spool,
      exitFile: folder.exit,
      graceMs: definition.stopGraceMs,
      leasedAt: monotonicMs(context.leasedAt),
      limits: this.#limits,
    };
  }

  /** Ends what is alive of an attempt and reads how it ended. */
  async #salvage(
    { runId, attempt }: AttemptId,
    handle: ProcessHandle | undefined,
  ): Promise<Exit | undefined> {
    const folder = AttemptFolder.of(this.#workRoot, { runId, attempt });
    const shim = handle?.shim ?? (await readIdentity(folder.shim));
    await mkdir(this.#workRoot, { recursive: true });
    const reaper = await this.#shims.take();
    const { killed, survivors } = await reaper.reap({
      type: 'reap',
      runId,
      attempt,
      shim,
      child: handle?.child,
    });
    if (killed + survivors > 0) {
      this.#logger.info(
        `Ended ${killed} processes of attempt ${attempt} of run '${runId}'; ${survivors} could not be ended`,
      );
    }
    return readExit(folder.exit);
  }
}

async function readIdentity(file: string): Promise<Identity | undefined> {
  try {
    const text = await withDescriptors(() => readFile(file, 'utf8'));
    return parseHandle({ shim: JSON.parse(text) })?.shim;
  } catch {
    return undefined;
  }
}

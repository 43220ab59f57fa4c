import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type {
  AttemptContext,
  AttemptEnd,
  EngineAttempt,
} from '@millrace/backstage-plugin-pipelines-node';
import type { Exit } from '../../../shim/protocol';
import { Delivery } from './Delivery';
import { attemptEnd, sayExitWarnings } from './exitRecord';
import { monotonicMs } from './monotonicMs';
import type { Shim } from './Shim';

const SALVAGE_ROUNDS = 10;
/** Longer than a shim takes that can answer. */
const PAUSE_PATIENCE_MS = 10_000;
const SALVAGE_PAUSE_MS = 1_000;

/** A command that runs under a shim; see `shim/main.js`. */
export class ProcessAttempt implements EngineAttempt {
  readonly handle: JsonObject;
  readonly end: Promise<AttemptEnd>;
  #pausing: Promise<void> = Promise.resolve();
  /** Why nothing more can be stored: the lease is lost, most likely. */
  #refusal?: string;

  constructor(
    private readonly options: {
      context: AttemptContext;
      shim: Shim;
      handle: JsonObject;
      delivery: Delivery;
      /** Told to the reader of the run at once. */
      warnings: string[];
      /** Ends what is alive and finds out how the attempt ended, when the shim died. */
      salvage(): Promise<Exit | undefined>;
      logger: LoggerService;
    },
  ) {
    this.handle = options.handle;
    this.end = this.#run();
  }

  leaseRenewed(askedAt?: number): void {
    this.options.shim.send({ type: 'renewed', at: monotonicMs(askedAt) });
  }

  cancel({ force }: { force: boolean }): void {
    this.options.shim.send({ type: 'cancel', force });
  }

  /** {@inheritDoc EngineAttempt.setPaused} */
  setPaused(paused: boolean): Promise<void> {
    const asked = this.#pausing
      .catch(() => {})
      .then(() => this.#askForPause(paused));
    this.#pausing = asked;
    return asked;
  }

  async #askForPause(paused: boolean): Promise<void> {
    const waited = new AbortController();
    const { signal } = waited;
    try {
      await Promise.race([
        this.options.shim.setPaused(paused),
        sleep(PAUSE_PATIENCE_MS, undefined, { signal }).then(() => {
          throw new Error('The process that watches over it does not answer');
        }),
      ]);
    } finally {
      waited.abort();
    }
  }

  async #run(): Promise<AttemptEnd> {
    const { delivery } = this.options;
    const exited = this.#waitForExit();
    const delivered = this.#sayWarnings()
      .then(() => delivery.run())
      .catch(error => this.#stopDelivering(error));
    const exit = await exited;
    await delivered;
    if (!this.#refusal) {
      await sayExitWarnings(this.options.context.sink, exit).catch(error =>
        this.#stopDelivering(error),
      );
    }
    return this.#refusal
      ? { kind: 'lost', message: this.#refusal }
      : attemptEnd(exit);
  }

  async #waitForExit(): Promise<Exit | undefined> {
    const { context, delivery, logger, shim } = this.options;
    let exit = await shim.exited();
    if (!exit) {
      logger.warn(
        `The shim of run '${context.runId}' died; its command is being ended. ${shim.diagnosis}`,
      );
      exit = await this.#salvage();
    }
    delivery.finish(exit?.position ?? Infinity);
    return exit;
  }

  /** A host that is out of processes or memory may need a while until it can end any. */
  async #salvage(): Promise<Exit | undefined> {
    for (let round = 1; round <= SALVAGE_ROUNDS; round++) {
      try {
        return await this.options.salvage();
      } catch (error) {
        this.options.logger.error(
          `What is left of run '${this.options.context.runId}' could not be ended (${round} of ${SALVAGE_ROUNDS}): ${error}`,
        );
        await sleep(SALVAGE_PAUSE_MS);
      }
    }
    return undefined;
  }

  async #sayWarnings(): Promise<void> {
    const { context, warnings } = this.options;
    for (const message of warnings) {
      await context.sink.message({ type: 'warning', message });
    }
  }

  /** The sink takes nothing any more, so the execution is no longer ours. */
  #stopDelivering(error: unknown): void {
    const { context, logger } = this.options;
    const reason = error instanceof Error ? error.message : String(error);
    this.#refusal = `Nothing more of this attempt could be stored: ${reason}`;
    this.cancel({ force: true });
    logger.info(
      `Run '${context.runId}' takes nothing more from attempt ${context.attempt}, so its command is ended: ${error}`,
    );
  }
}

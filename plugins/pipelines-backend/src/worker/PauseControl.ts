import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EngineAttempt } from '@millrace/backstage-plugin-pipelines-node';

/** What a {@link PauseControl} works with. */
export interface PauseControlOptions {
  runId: string;
  execution: Pick<EngineAttempt, 'setPaused'>;
  /** Whether the execution is ending or over: then nothing is to be said of its pause. */
  isEnding: () => boolean;
  /** Called when the execution has begun to stand still, or to go on. */
  onChange: (isPaused: boolean) => void;
  /** Stores that it stands still. */
  markPaused: () => Promise<unknown>;
  /** Stores that it could not be made to stand still. */
  pauseFailed: (message: string) => Promise<unknown>;
  logger: LoggerService;
}

/**
 * Brings an execution to what the newest renewal says of its pause, one change after another.
 *
 * @remarks
 * Renewals may say the opposite of one another while a change is under way: only what the
 * newest says counts, and each renewal is a new try. That it stands still is stored again for
 * each renewal, because the run may have been resumed and paused again between two of them.
 */
export class PauseControl {
  readonly #options: PauseControlOptions;
  #isWanted = false;
  #isPaused = false;
  #isFresh = false;
  #isAtWork = false;

  constructor(options: PauseControlOptions) {
    this.#options = options;
  }

  /** Takes what a renewal says. */
  apply(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#isFresh = true;
    if (!this.#isAtWork) {
      void this.#follow();
    }
  }

  async #follow(): Promise<void> {
    this.#isAtWork = true;
    while (this.#isFresh && !this.#options.isEnding()) {
      this.#isFresh = false;
      try {
        await (this.#isWanted ? this.#freeze() : this.#thaw());
      } catch (error) {
        if (!this.#options.isEnding()) {
          this.#options.logger.warn(
            `The pause of run '${
              this.#options.runId
            }' is tried again: ${error}`,
          );
        }
      }
    }
    this.#isAtWork = false;
  }

  async #freeze(): Promise<void> {
    const { execution, isEnding, markPaused, pauseFailed } = this.#options;
    if (!this.#isPaused) {
      try {
        await setPaused(execution, true);
        this.#change(true);
      } catch (error) {
        if (!isEnding()) {
          await setPaused(execution, false).catch(() => {});
          await pauseFailed(
            error instanceof Error ? error.message : `${error}`,
          );
        }
        return;
      }
    }
    // Else it is to go on already, and to say so would be late.
    if (this.#isWanted && !isEnding()) {
      await markPaused();
    }
  }

  async #thaw(): Promise<void> {
    if (this.#isPaused) {
      await setPaused(this.#options.execution, false);
      this.#change(false);
    }
  }

  #change(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#options.onChange(isPaused);
  }
}

async function setPaused(
  execution: Pick<EngineAttempt, 'setPaused'>,
  paused: boolean,
): Promise<void> {
  if (!execution.setPaused) {
    throw new Error('Its engine cannot let it stand still');
  }
  await execution.setPaused(paused);
}

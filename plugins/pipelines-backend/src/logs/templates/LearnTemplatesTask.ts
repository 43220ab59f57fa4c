import { setImmediate as letOthersWork } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { Knex } from 'knex';
import { isTransientDatabaseError } from '../../database';
import { Loop } from '../../queue';
import { DatabaseLogsStore } from '../DatabaseLogsStore';
import {
  DatabaseTemplatesStore,
  MAX_TEMPLATES,
  NOTES,
  type RunToLearn,
} from './DatabaseTemplatesStore';
import { LineTemplates } from './LineTemplates';
import { readRunLines } from './readRunLines';

/** Least and most time between two looks. */
const EVERY_MS = [20_000, 30_000] as const;
/** A pipeline of which so many runs were learnt knows nearly all of its lines … */
const ENOUGH_RUNS = 20;
/** … and then learns from one run in this time, seconds. */
const EVERY_SECONDS = 600;

/**
 * Learns the templates of the lines that successful runs have written, some time after they have
 * ended.
 *
 * @remarks
 * Any number of processes can do it at once: a run is counted by the one that takes its note away.
 */
export class LearnTemplatesTask {
  readonly #templates: DatabaseTemplatesStore;
  readonly #logs: DatabaseLogsStore;
  readonly #logger: LoggerService;
  readonly #maxBytes: number | undefined;
  readonly #loop: Loop;
  #stopped = false;

  constructor(options: {
    knex: Knex;
    logger: LoggerService;
    /** Most bytes of one log that are learnt from; default 32 MiB. */
    maxBytes?: number;
  }) {
    this.#templates = new DatabaseTemplatesStore(options.knex);
    this.#logs = new DatabaseLogsStore(options.knex);
    this.#logger = options.logger;
    this.#maxBytes = options.maxBytes;
    this.#loop = new Loop({
      everyMs: EVERY_MS,
      round: () => this.run(),
      onError: error =>
        this.#warn('Line templates', 'it is tried again', error),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Also ends the reading of a log; its run is learnt from after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop.stop();
  }

  /**
   * Learns from one run of each pipeline that has one, and begins again at once when there is
   * likely to be more. A run that cannot be learnt from is left out.
   */
  async run(): Promise<void> {
    const { runs, dropped } = await this.#templates.takeNotes({
      enoughRuns: ENOUGH_RUNS,
      everySeconds: EVERY_SECONDS,
    });
    let done = 0;
    for (const run of runs) {
      if (this.#stopped) {
        return;
      }
      try {
        await this.#learn(run);
        done += 1;
      } catch (error) {
        if (this.#stopped) {
          return;
        }
        done += await this.#giveUp(run, error);
      }
    }
    if (done > 0 || dropped >= NOTES / 2) {
      this.#loop.wake();
    }
  }

  async #learn(run: RunToLearn): Promise<void> {
    const templates = new LineTemplates({ maxTemplates: MAX_TEMPLATES });
    const { sampled, empty } = await readRunLines({
      store: this.#logs,
      runId: run.runId,
      maxBytes: this.#maxBytes,
      visit: line => templates.learn(line),
      rest: async () => {
        await letOthersWork();
        if (this.#stopped) {
          throw new Error('The process is stopping');
        }
      },
    });
    await this.#templates.learn(
      run,
      empty ? undefined : { templates, sampled },
    );
  }

  /**
   * Takes the note of a run away, because others wait behind it, unless another try can help.
   *
   * @returns how many notes were taken away
   */
  async #giveUp(run: RunToLearn, error: unknown): Promise<number> {
    const what = `Run '${run.runId}'`;
    if (isTransientDatabaseError(error)) {
      this.#warn(what, 'it is tried again', error);
      return 0;
    }
    this.#warn(what, 'it is left out', error);
    await this.#templates.learn(run, undefined);
    return 1;
  }

  #warn(what: string, then: string, error: unknown): void {
    this.#logger.warn(
      `${what} could not be learnt; ${then}: ${stringifyError(error)}`,
    );
  }
}

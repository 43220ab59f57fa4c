// @ts-check
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PortalError } from './Portal.mjs';

/**
 * @typedef {import('./Portal.mjs').Portal} Portal
 * @typedef {import('./Spool.mjs').Spool} Spool
 */

const MAX_PART_BYTES = 1024 ** 2;
/** Between two reports of a run that goes on. */
const PACE_MS = 500;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
const CONFLICT = 409;
const NOT_FOUND = 404;

/** Sends what a spool has, and tries again for as long as it takes. */
export class Sender {
  /** Everything of an ended run has been sent. */
  isDone = false;
  /** Why the last request failed; undefined when it did not. @type {PortalError | undefined} */
  problem;
  /** When the portal last took something, by `performance.now()`. */
  tookAt = -Infinity;
  #portal;
  #spool;
  #path;
  #sentSequence = -1;
  #sentSteps = -1;
  #sentArtifacts = 0;
  /** @type {number | undefined} */
  #sentLog;
  /** Where in the log the next part is. */
  #segment = 0;
  #onFirstAnswer;
  /** @type {(() => void) | undefined} */
  #wake;
  #hasNews = true;
  #isStopped = false;
  #done = promise();
  #inVain = promise();
  #triesEnd = false;

  /**
   * @param {object} options
   * @param {Portal} options.portal
   * @param {Spool} options.spool
   * @param {(state: string) => void} [options.onFirstAnswer] is told in which state the run is
   *   after its first report
   */
  constructor({ portal, spool, onFirstAnswer }) {
    const { reporter, externalId } = spool.story.begin ?? {};
    this.#portal = portal;
    this.#spool = spool;
    this.#path = `/runs/external/${encodeURIComponent(
      String(reporter),
    )}/${encodeURIComponent(String(externalId))}`;
    this.#onFirstAnswer = onFirstAnswer;
    spool.onAppend(() => {
      this.#hasNews = true;
      this.#wake?.();
    });
  }

  /** Sends until everything has been sent, or until `stop`; never rejects. */
  async run() {
    let retryMs = FIRST_RETRY_MS;
    while (!this.isDone && !this.#isStopped) {
      this.#hasNews = false;
      this.#triesEnd = this.#spool.story.end !== undefined;
      try {
        await this.sendAll();
        retryMs = FIRST_RETRY_MS;
        await this.#sleep(PACE_MS);
        if (!this.isDone && !this.#hasNews) {
          await this.#sleep();
        }
      } catch (error) {
        this.problem = asProblem(error);
        this.#hasNews = true;
        if (this.#triesEnd) {
          this.#inVain.resolve();
        }
        await this.#sleep(retryMs * (0.5 + Math.random() / 2));
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
      }
    }
  }

  /** Resolves when everything of an ended run has been sent. */
  get done() {
    return this.#done.promise;
  }

  /** Resolves when a try to send the end of the run has failed; never otherwise. */
  get inVain() {
    return this.#inVain.promise;
  }

  stop() {
    this.#isStopped = true;
    this.#wake?.();
  }

  /**
   * Sends what is there now: the end of a run last, when everything else has arrived.
   *
   * @throws {PortalError}
   */
  async sendAll() {
    const { story } = this.#spool;
    const isFirst = this.#sentSequence < 0;
    if (isFirst || (!story.end && story.sequence > this.#sentSequence)) {
      await this.#report({ ended: false });
    }
    if (!story.begin?.report.attachTo) {
      await this.#sendLog();
      await this.#sendSteps();
      await this.#sendArtifacts();
    }
    if (story.end) {
      await this.#report({ ended: true });
      this.isDone = true;
      this.#done.resolve();
    }
  }

  /** @param {{ ended: boolean }} how */
  async #report(how) {
    const { story } = this.#spool;
    const isFirst = this.#sentSequence < 0;
    const report = story.report(how);
    const { state } = await this.#took(
      this.#portal.send('PUT', this.#path, report),
    );
    this.#sentSequence = report.sequence;
    if (isFirst) {
      this.#onFirstAnswer?.(state);
    }
  }

  async #sendLog() {
    const { story } = this.#spool;
    while (this.#sentLog === undefined || this.#sentLog < story.logBytes) {
      if (story.segments.length === 0) {
        return;
      }
      this.#sentLog ??= await this.#askLog();
      const segment = this.#segmentAt(this.#sentLog);
      if (segment) {
        const to = Math.min(segment.to, this.#sentLog + MAX_PART_BYTES);
        this.#sentLog = await this.#putLog(
          this.#sentLog,
          segment.stream,
          this.#spool.readLog(this.#sentLog, to),
        );
      }
    }
  }

  /** @param {number} offset */
  #segmentAt(offset) {
    const { segments } = this.#spool.story;
    while (segments[this.#segment]?.to <= offset) {
      this.#segment += 1;
    }
    return segments.at(this.#segment);
  }

  /**
   * How many bytes the portal has.
   *
   * @returns {Promise<number>}
   */
  #askLog() {
    this.#segment = 0;
    return this.#putLog(0, 'stdout', Buffer.alloc(0));
  }

  /**
   * @param {number} offset
   * @param {string} stream
   * @param {Buffer} bytes
   * @returns {Promise<number>}
   */
  async #putLog(offset, stream, bytes) {
    try {
      const { bytes: stored } = await this.#took(
        this.#portal.putBytes(
          `${this.#path}/logs?offset=${offset}&stream=${stream}`,
          bytes,
        ),
      );
      return stored;
    } catch (error) {
      if (error instanceof PortalError && error.status === CONFLICT) {
        // The portal has less than it had; what it lacks can be read from the log again.
        this.#sentLog = undefined;
      }
      throw this.#forgetting(error);
    }
  }

  async #sendSteps() {
    const { steps, stepsSequence: sequence } = this.#spool.story;
    if (sequence > this.#sentSteps) {
      await this.#try(
        this.#portal.send('PUT', `${this.#path}/steps`, { steps, sequence }),
      );
      this.#sentSteps = sequence;
    }
  }

  async #sendArtifacts() {
    const { artifacts } = this.#spool.story;
    while (this.#sentArtifacts < artifacts.length) {
      const { name, file, mediaType } = artifacts[this.#sentArtifacts];
      if (fs.existsSync(file)) {
        const sha256 = await hashOf(file);
        await this.#try(
          this.#portal.putFile(
            `${this.#path}/artifacts/${encodeURIComponent(
              name,
            )}?sha256=${sha256}`,
            { file, mediaType },
          ),
        );
      }
      this.#sentArtifacts += 1;
    }
  }

  /**
   * @template T
   * @param {Promise<T>} request
   */
  async #try(request) {
    try {
      return await this.#took(request);
    } catch (error) {
      throw this.#forgetting(error);
    }
  }

  /**
   * @template T
   * @param {Promise<T>} request
   */
  async #took(request) {
    const answer = await request;
    this.tookAt = performance.now();
    this.problem = undefined;
    return answer;
  }

  /**
   * A portal that knows nothing of the run has lost it, and is told everything again.
   *
   * @param {unknown} error
   */
  #forgetting(error) {
    if (error instanceof PortalError && error.status === NOT_FOUND) {
      this.#sentSequence = -1;
      this.#sentSteps = -1;
      this.#sentArtifacts = 0;
      this.#sentLog = undefined;
      return new PortalError(error.message, {
        status: error.status,
        passes: true,
      });
    }
    return error;
  }

  /** @param {number} [ms] default: until there is something new */
  #sleep(ms) {
    return new Promise(resolve => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        // A run that goes on keeps its pace, whatever it says.
        if (ms === undefined || this.#isStopped || this.#spool.story.end) {
          clearTimeout(timer);
          resolve(undefined);
        }
      };
    });
  }
}

/** @param {string} file */
async function hashOf(file) {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest('hex');
}

function promise() {
  /** @type {() => void} */
  let resolve = () => {};
  return {
    promise: /** @type {Promise<void>} */ (
      new Promise(settle => {
        resolve = settle;
      })
    ),
    resolve: () => resolve(),
  };
}

/** @param {unknown} error */
function asProblem(error) {
  return error instanceof PortalError
    ? error
    : new PortalError(error instanceof Error ? error.message : String(error), {
        passes: false,
      });
}

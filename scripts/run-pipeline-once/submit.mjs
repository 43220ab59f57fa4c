// @ts-check
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogPrinter } from './LogPrinter.mjs';
import { Portal, PortalError } from './Portal.mjs';
import { say } from './say.mjs';

/** @typedef {import('./options.mjs').SubmitOptions} SubmitOptions */

const EXIT = {
  timedOut: 124,
  lost: 125,
  cancelled: 130,
  stillRunning: 75,
  notThere: 69,
  notAllowed: 77,
  refused: 64,
};
const POLL_MS = 500;
const RETRY_MS = 1_000;
/** How long a portal may be away while it is asked to run something. */
const SUBMIT_PATIENCE_MS = 30_000;
const ENDED = [
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'lost',
  'unknown',
];
const NOT_ALLOWED = [401, 403];

/**
 * Asks the portal to run a pipeline, and follows the run if that is wanted.
 *
 * @param {SubmitOptions} options
 * @returns {Promise<number>} the exit code
 */
export async function submit(options) {
  const portal = new Portal(options);
  try {
    const { id } = await submitRun(portal, options);
    say(`Run ${id}: ${options.portal}/pipelines/runs/${id}`);
    if (!options.follow) {
      process.stdout.write(`${id}\n`);
      return 0;
    }
    return await follow(portal, id, options.waitMs);
  } catch (error) {
    if (!(error instanceof PortalError)) {
      throw error;
    }
    say(error.message);
    return exitCodeOf(error);
  }
}

/**
 * @param {Portal} portal
 * @param {SubmitOptions} options
 */
function submitRun(
  portal,
  { pipeline, parameters, labels, id = randomUUID() },
) {
  // The key makes the same request again the same run, so an answer that was lost does no harm.
  return patiently(SUBMIT_PATIENCE_MS, () =>
    portal.send(
      'POST',
      '/runs',
      { pipelineId: pipeline, parameters, labels },
      { 'Idempotency-Key': id },
    ),
  );
}

/**
 * @param {Portal} portal
 * @param {string} runId
 * @param {number} [waitMs]
 * @returns {Promise<number>} the exit code
 */
async function follow(portal, runId, waitMs = Infinity) {
  const giveUpAt = performance.now() + waitMs;
  const log = new LogPrinter(portal, runId);
  for (;;) {
    const run = await patiently(giveUpAt - performance.now(), () =>
      portal.get(`/runs/${runId}`),
    );
    await patiently(giveUpAt - performance.now(), () => log.print(run.attempt));
    if (ENDED.includes(run.state)) {
      return sayEnd(run);
    }
    if (performance.now() > giveUpAt) {
      say(`The run is still ${run.state}, and goes on`);
      return EXIT.stillRunning;
    }
    await sleep(Math.max(0, Math.min(POLL_MS, giveUpAt - performance.now())));
  }
}

/**
 * @param {{ state: string, error?: { message: string, exitCode?: number }, summary?: string }} run
 * @returns {number} the exit code
 */
function sayEnd({ state, error, summary }) {
  const what = error?.message ?? summary;
  say(what ? `${state}: ${what}` : state);
  switch (state) {
    case 'succeeded':
      return 0;
    case 'timed_out':
      return EXIT.timedOut;
    case 'cancelled':
      return EXIT.cancelled;
    case 'failed':
      return exitOfFailure(error?.exitCode);
    default:
      return EXIT.lost;
  }
}

/** @param {number} [code] */
function exitOfFailure(code = 1) {
  return code > 0 && code < 256 ? code : 1;
}

/**
 * Tries again while the portal is away, for so long.
 *
 * @template T
 * @param {number} ms
 * @param {() => Promise<T>} request
 * @returns {Promise<T>}
 */
async function patiently(ms, request) {
  const giveUpAt = performance.now() + ms;
  let hasSaid = false;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      const passes = error instanceof PortalError && error.passes;
      if (!passes || performance.now() + RETRY_MS > giveUpAt) {
        throw error;
      }
      if (!hasSaid) {
        say(`${error.message}; trying again`);
        hasSaid = true;
      }
      await sleep(RETRY_MS);
    }
  }
}

/** @param {PortalError} error */
function exitCodeOf({ status, passes }) {
  if (status && NOT_ALLOWED.includes(status)) {
    return EXIT.notAllowed;
  }
  return passes ? EXIT.notThere : EXIT.refused;
}

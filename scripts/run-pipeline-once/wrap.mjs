// @ts-check
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { Command } from './Command.mjs';
import { drain } from './drain.mjs';
import { Portal } from './Portal.mjs';
import { Recorder } from './Recorder.mjs';
import { say } from './say.mjs';
import { Sender } from './Sender.mjs';
import { Spool } from './Spool.mjs';

/** @typedef {import('./options.mjs').WrapOptions} WrapOptions */

const ALIVE_MS = 60_000;
const MAX_LINGERS = 10;

/** What earlier runs could not send; it is tried now and then. */
class Others {
  /** Resolves when nothing is being sent. @type {Promise<unknown>} */
  quiet = Promise.resolve();
  #options;
  #isSending = false;

  /** @param {WrapOptions} options */
  constructor(options) {
    this.#options = options;
    this.send();
  }

  send() {
    if (!this.#isSending) {
      this.#isSending = true;
      this.quiet = drain(this.#options)
        .catch(() => {}) // The next run tries it again.
        .finally(() => {
          this.#isSending = false;
        });
    }
  }
}

/**
 * Runs a command and reports it; whatever happens to the reports, the command does not notice.
 *
 * @param {WrapOptions} options
 * @returns {Promise<number>} the exit code of the command
 */
export async function wrap(options) {
  options.readToken();
  const attachTo = runAround(options.pipeline);
  const spool = createSpool(options, attachTo);
  const recorder =
    spool &&
    new Recorder({ spool, secrets: options.secrets, isPart: !!attachTo });
  const command = new Command(options.command, recorder, {
    ...(spool &&
      !attachTo && { MILLRACE_ARTIFACTS_DIR: spool.artifactsFolder }),
  });
  const sender = spool && startSender(options, spool, attachTo);
  const others = new Others(options);
  const alive = setInterval(() => {
    spool?.append({ type: 'alive' });
    others.send();
  }, ALIVE_MS);

  const { exitCode, end } = await command.ended;
  clearInterval(alive);
  await recorder?.finish(options.artifacts, end);
  if (sender) {
    await linger(options.lingerMs, sender, others);
    if (sender.isDone) {
      spool.remove();
    } else {
      say(
        `The report waits in ${
          spool.folder
        } and will be sent by the next run: ${
          sender.problem?.message ?? 'it was not sent in time'
        }`,
      );
    }
  }
  if (spool?.trouble) {
    say(`Not everything of the report could be kept: ${spool.trouble}`);
  }
  return exitCode;
}

/**
 * The run of the same pipeline that this command is a part of, if it is.
 *
 * @param {string} pipeline
 */
function runAround(pipeline) {
  const { MILLRACE_RUN_ID, MILLRACE_PIPELINE } = process.env;
  return MILLRACE_PIPELINE === pipeline ? MILLRACE_RUN_ID : undefined;
}

/**
 * @param {WrapOptions} options
 * @param {string | undefined} attachTo
 */
function createSpool(options, attachTo) {
  const { labels, parameters } = options;
  const at = new Date().toISOString();
  try {
    return Spool.create(options.spool, {
      type: 'begin',
      at,
      portal: options.portal,
      reporter: options.reporter,
      externalId: options.id ?? `${at}-${randomUUID().slice(0, 8)}`,
      report: {
        pipelineId: options.pipeline,
        host: os.hostname(),
        title: options.title,
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(Object.keys(parameters).length > 0 && { parameters }),
        attachTo,
      },
    });
  } catch (error) {
    say(
      `Nothing can be written to ${
        options.spool
      }, so this run is not reported: ${
        error instanceof Error ? error.message : error
      }`,
    );
    return undefined;
  }
}

/**
 * @param {WrapOptions} options
 * @param {Spool} spool
 * @param {string | undefined} attachTo
 */
function startSender(options, spool, attachTo) {
  const sender = new Sender({
    portal: new Portal(options),
    spool,
    onFirstAnswer: state => {
      if (!attachTo && state !== 'running') {
        say(
          `Run '${options.id}' is ${state} already, so this one changes nothing of it; give each run another --id`,
        );
      }
    },
  });
  sender.run();
  return sender;
}

/**
 * Until everything has been sent, or there is no use in waiting any longer.
 *
 * @param {number} ms without an answer of the portal; in all at most ten times that
 * @param {Sender} sender
 * @param {Others} others
 */
async function linger(ms, sender, others) {
  const startedAt = performance.now();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLong = new Promise(resolve => {
    const look = () => {
      const now = performance.now();
      const quietAt = Math.max(startedAt, sender.tookAt) + ms;
      const endAt = Math.min(quietAt, startedAt + MAX_LINGERS * ms);
      if (now < endAt) {
        timer = setTimeout(look, endAt - now);
      } else {
        resolve(undefined);
      }
    };
    look();
  });
  await Promise.race([
    Promise.all([sender.done, others.quiet]),
    sender.inVain,
    tooLong,
  ]);
  clearTimeout(timer);
  sender.stop();
}

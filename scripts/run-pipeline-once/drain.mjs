// @ts-check
import fs from 'node:fs';
import os from 'node:os';
import { Portal, PortalError } from './Portal.mjs';
import { mayBeAlive } from './processIdentity.mjs';
import { say } from './say.mjs';
import { Sender } from './Sender.mjs';
import { listAbandoned, Spool } from './Spool.mjs';

/** @typedef {import('./options.mjs').PortalOptions} PortalOptions */

const MAX_AGE_MS = 30 * 86_400_000;

/**
 * Sends what earlier runs could not send, and says what became of it.
 *
 * @param {PortalOptions & { reporter?: string }} options
 * @returns {Promise<number>} 0 when nothing is left
 */
export async function drainAll(options) {
  const { sent, left } = await drain(options, say);
  say(`${sent} runs sent, ${left} left`);
  return left === 0 ? 0 : 1;
}

/**
 * Sends what was left by processes that are no more, oldest first, each once.
 *
 * @param {PortalOptions & { reporter?: string }} options `reporter`: only what it has reported
 * @param {(text: string) => void} [tell] is told why something could not be sent
 */
export async function drain(options, tell = () => {}) {
  const portal = new Portal(options);
  let sent = 0;
  let left = 0;
  let isThere = true;
  for (const folder of listAbandoned(options.spool)) {
    const spool = take(folder, options);
    if (spool && isThere) {
      const problem = await send(spool, portal);
      if (problem) {
        tell(
          `Run '${spool.story.begin?.externalId}' waits in ${folder}: ${problem.message}`,
        );
      }
      isThere = problem?.status !== undefined || !problem?.passes;
      sent += problem ? 0 : 1;
      left += problem ? 1 : 0;
    } else if (spool) {
      spool.release();
      left += 1;
    }
  }
  return { sent, left };
}

/**
 * @param {string} folder
 * @param {PortalOptions & { reporter?: string }} options
 */
function take(folder, { portal, reporter }) {
  try {
    const begin = Spool.readBegin(folder);
    const isOurs =
      begin?.portal === portal && (!reporter || begin.reporter === reporter);
    if (isOurs && Date.now() - Date.parse(begin.at) <= MAX_AGE_MS) {
      return Spool.adopt(folder);
    }
    if (Date.now() - fs.statSync(folder).mtimeMs > MAX_AGE_MS) {
      say(`Nobody wanted ${folder} for 30 days, so it was removed`);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  } catch (error) {
    say(
      `${folder} cannot be read: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
  return undefined;
}

/**
 * @param {Spool} spool
 * @param {Portal} portal
 * @returns {Promise<PortalError | undefined>} why it could not be sent
 */
async function send(spool, portal) {
  if (!spool.story.end) {
    spool.append(interruption(spool));
  }
  try {
    await new Sender({ portal, spool }).sendAll();
    spool.remove();
    return undefined;
  } catch (error) {
    spool.release();
    return error instanceof PortalError
      ? error
      : new PortalError(String(error), { passes: false });
  }
}

/**
 * The end of a run whose watcher was killed: nobody saw how the command ended, so that is said.
 *
 * @param {Spool} spool
 * @returns {import('./Story.mjs').End}
 */
function interruption({ story, lastWord }) {
  const { child } = story;
  const isAlive = child && mayBeAlive({ ...child, host: os.hostname() });
  const command = isAlive
    ? `process ${child.pid} was still alive at ${new Date().toISOString()}`
    : 'how the command ended is not known';
  return {
    type: 'end',
    at: lastWord.toISOString(),
    state: 'interrupted',
    error: {
      kind: 'unknown',
      message: `What watched over the command was killed; ${command}`,
    },
  };
}

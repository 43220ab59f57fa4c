// @ts-check
const { setTimeout: sleep } = require('node:timers/promises');
const { isAlive, killTree, signal } = require('./killTree');
const { bootId } = require('./platform');

/** How long the shim that is found may take to end its child and write down how it ended. */
const SHIM_PATIENCE_MS = 3_000;
const LOOK_INTERVAL_MS = 10;

/**
 * Ends what is alive of an attempt whose worker died.
 *
 * @remarks
 * A shim that still lives is told to force its child, because it alone has the last bytes of
 * the log and the true end. Pids count only together with their start times and the host's
 * boot id, so no other process is ever signalled.
 *
 * @param {import('./protocol').ReapMessage} message
 */
async function reap({ runId, attempt, shim, child }) {
  const host = bootId();
  const tree = { runId, attempt };
  if (isAlive(shim, host)) {
    await endShim(/** @type {import('./protocol').Identity} */ (shim), host);
  }
  const group = child && isAlive(child, host) ? child.pid : undefined;
  return killTree({ ...tree, group });
}

/**
 * @param {import('./protocol').Identity} shim
 * @param {string} host
 */
async function endShim(shim, host) {
  signal(shim.pid, 'SIGCONT');
  signal(shim.pid, 'SIGUSR2');
  const until = Date.now() + SHIM_PATIENCE_MS;
  while (isAlive(shim, host) && Date.now() < until) {
    await sleep(LOOK_INTERVAL_MS);
  }
  if (isAlive(shim, host)) {
    signal(shim.pid, 'SIGKILL');
  }
}

module.exports = { reap };

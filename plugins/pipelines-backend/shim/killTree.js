// @ts-check
const { hasEnvironment, listProcesses, readProcess } = require('./platform');
const { setTimeout: sleep } = require('node:timers/promises');

const ROUND_PAUSE_MS = 20;
const KILL_PATIENCE_MS = 5_000;

/**
 * @typedef {object} Tree
 * @property {string} runId
 * @property {number} attempt
 * @property {number} [group] a process group that is known to be ours; its session is, too
 * @property {import('./platform').ProcessEntry[]} [known] found earlier: one that left the group
 *   without the tag cannot be found once its parent is gone
 */

/**
 * Finds what is alive of an attempt: its process group and session, whatever carries its tag
 * in the environment (a daemon that left the group does), and all of their descendants.
 *
 * @param {Tree} tree
 * @returns {import('./platform').ProcessEntry[]}
 */
function findTree(tree) {
  const tag = [
    `MILLRACE_RUN_ID=${tree.runId}`,
    `MILLRACE_ATTEMPT=${tree.attempt}`,
  ];
  const entries = listProcesses().filter(
    entry => !entry.gone && entry.pid !== process.pid,
  );
  const known = new Map(
    tree.known?.map(({ pid, startTicks }) => [pid, startTicks]),
  );
  const found = new Set();
  for (const { pid, group, session, startTicks } of entries) {
    const isGrouped =
      tree.group !== undefined &&
      (group === tree.group || session === tree.group);
    const isKnown = known.get(pid) === startTicks;
    if (isGrouped || isKnown || hasEnvironment(pid, tag)) {
      found.add(pid);
    }
  }
  let size = -1;
  while (found.size > 0 && size !== found.size) {
    size = found.size;
    for (const { pid, parent } of entries) {
      if (found.has(parent)) {
        found.add(pid);
      }
    }
  }
  return entries.filter(({ pid }) => found.has(pid));
}

/**
 * Ends by force everything that {@link findTree} finds, again and again until it finds
 * nothing: what forks while it is being ended is found in the next round.
 *
 * @param {Tree} tree
 * @returns {Promise<{ killed: number, survivors: number }>} survivors are in an
 *   uninterruptible wait, or belong to another user
 */
async function killTree(tree) {
  const killed = new Set();
  const until = Date.now() + KILL_PATIENCE_MS;
  let alive = findTree(tree);
  while (alive.length > 0 && Date.now() < until) {
    for (const { pid } of alive) {
      signal(pid, 'SIGKILL');
      killed.add(pid);
    }
    await sleep(ROUND_PAUSE_MS);
    alive = findTree(tree);
  }
  return { killed: killed.size, survivors: alive.length };
}

/**
 * Sends a signal; a process that is gone needs none.
 *
 * @param {number} pid negative for a process group
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // Gone, or not ours to signal: the next look at the process list tells.
  }
}

/**
 * @param {import('./protocol').Identity | undefined} identity
 * @param {string} currentBootId
 * @returns {boolean} whether exactly that process is alive, not another one with its pid
 */
function isAlive(identity, currentBootId) {
  if (!identity || identity.bootId !== currentBootId) {
    return false;
  }
  const entry = readProcess(identity.pid);
  return (
    entry !== undefined &&
    !entry.gone &&
    entry.startTicks === identity.startTicks
  );
}

module.exports = { findTree, isAlive, killTree, signal };

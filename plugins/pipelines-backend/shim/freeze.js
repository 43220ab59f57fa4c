// @ts-check
const { setTimeout: sleep } = require('node:timers/promises');
const { findTree, signal } = require('./killTree');
const { isStopped } = require('./platform');
const { monotonicMs } = require('./protocol');

const PATIENCE_MS = 5_000;
/** One that cannot stop may wait for another that has: then both must go on first. */
const ROUND_MS = 500;
const LOOK_INTERVAL_MS = 5;
const BREATH_MS = 20;

/**
 * Stops everything that {@link findTree} finds, and looks until all of it stands still.
 *
 * @remarks
 * What forks while it is being stopped is found by the next look. A look is not of one moment,
 * so only a second one that finds all standing still proves that nothing was missed: by then
 * nothing of the tree could fork any more.
 *
 * @param {() => import('./killTree').Tree} tree
 * @param {() => string | undefined} whyNot asked before each signal: why it must go on
 * @returns {Promise<string | undefined>} why it does not stand still; then {@link thawTree}
 *   must follow
 */
async function freezeTree(tree, whyNot) {
  const until = monotonicMs() + PATIENCE_MS;
  let roundEnds = monotonicMs() + ROUND_MS;
  let isSure = false;
  for (;;) {
    const reason = whyNot();
    if (reason) {
      return reason;
    }
    const alive = findTree(tree());
    const moving = alive.filter(({ pid }) => !isStopped(pid));
    if (moving.length === 0 && isSure) {
      return undefined;
    }
    isSure = moving.length === 0;
    if (isSure) {
      continue;
    }
    const now = monotonicMs();
    if (now > until) {
      return `${moving.length} of its ${
        alive.length
      } processes did not stop within ${PATIENCE_MS / 1_000} s`;
    }
    if (now > roundEnds) {
      thawTree(tree());
      roundEnds = now + ROUND_MS;
      await sleep(BREATH_MS);
    } else {
      signalTree(tree(), moving, 'SIGSTOP');
      await sleep(LOOK_INTERVAL_MS);
    }
  }
}

/**
 * Lets everything go on; also what had stopped itself.
 *
 * @param {import('./killTree').Tree} tree
 */
function thawTree(tree) {
  signalTree(tree, findTree(tree), 'SIGCONT');
}

/**
 * The group at once, then those that are elsewhere.
 *
 * @param {import('./killTree').Tree} tree
 * @param {import('./platform').ProcessEntry[]} processes
 * @param {NodeJS.Signals} name
 */
function signalTree(tree, processes, name) {
  if (tree.group !== undefined) {
    signal(-tree.group, name);
  }
  for (const { pid, group } of processes) {
    if (group !== tree.group) {
      signal(pid, name);
    }
  }
}

module.exports = { freezeTree, thawTree };

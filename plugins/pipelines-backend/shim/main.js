// @ts-check
/**
 * The shim: a small process between a worker and the command of one attempt.
 *
 * It is started ahead of time, waits for one `start` (or one `reap`, the order to end what a
 * dead worker left), does it and ends. It is in a session of its own, so nothing that happens
 * to the worker's terminal or process group reaches it; it knows that the worker is gone
 * because the control pipe (descriptor 3) closes, and that it is frozen because the lease is
 * not renewed. Argument: the folder in which it may make pipes.
 */
const fs = require('node:fs');
const { Attempt } = require('./attempt');
const { bootId, makePipe, readProcess } = require('./platform');
const { openControl } = require('./protocol');
const { reap } = require('./reap');

const CONTROL_FD = 3;
const LAST_WORDS_MS = 1_000;

/** @type {Attempt | undefined} */
let attempt;
let isReaping = false;

const pipes = [makePipe(process.argv[2]), makePipe(process.argv[2])];
const control = openControl(CONTROL_FD, { onMessage, onClose });

// Signals to a whole service or terminal are meant for the worker, which knows what to do.
for (const name of /** @type {const} */ (['SIGINT', 'SIGHUP', 'SIGUSR1'])) {
  process.on(name, () => {});
}
process.on('SIGTERM', () => {
  if (!attempt) {
    process.exit(0);
  }
});
process.on('SIGUSR2', () => attempt?.force('worker-died'));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

control.send({
  type: 'ready',
  pid: process.pid,
  startTicks: readProcess(process.pid)?.startTicks ?? '',
  bootId: bootId(),
});

/** @param {import('./protocol').WorkerMessage} message */
function onMessage(message) {
  switch (message.type) {
    case 'start':
      start(message).catch(fail);
      break;
    case 'reap':
      isReaping = true;
      reap(message).then(result => {
        control.send({ type: 'reaped', ...result });
        leave();
      }, fail);
      break;
    case 'renewed':
      attempt?.deadline.renew(message.at);
      break;
    case 'cancel':
      cancel(message.force);
      break;
    case 'pause':
      pause(message.paused).catch(fail);
      break;
    case 'ack':
      attempt?.spool.ack(message.position);
      break;
    default:
      throw new Error(`Unknown message ${JSON.stringify(message)}`);
  }
}

/** @param {import('./protocol').StartMessage} message */
async function start(message) {
  attempt = new Attempt(message, control.send);
  try {
    await attempt.run(pipes);
  } catch (error) {
    if (attempt.hasSpawned) {
      throw error;
    }
    const text = error instanceof Error ? error.message : String(error);
    control.send({ type: 'spawn-failed', message: text });
  }
  leave();
}

/** @param {boolean} force */
function cancel(force) {
  if (force) {
    attempt?.force('cancelled');
  } else {
    attempt?.stop('cancelled', attempt.message.graceMs);
  }
}

/** @param {boolean} paused */
async function pause(paused) {
  const problem = attempt
    ? await attempt.setPaused(paused)
    : 'There is no command';
  control.send({ type: 'paused', paused, problem });
}

/** The worker is gone: whoever recovers the attempt must find nothing alive. */
function onClose() {
  if (attempt) {
    const graceMs = Math.min(
      attempt.message.graceMs,
      attempt.deadline.leftMs(),
    );
    attempt.stop('worker-died', graceMs);
  } else if (!isReaping) {
    process.exit(0);
  }
}

function leave() {
  // A frozen worker reads nothing; what it misses is in the attempt's folder.
  setTimeout(() => process.exit(0), LAST_WORDS_MS);
  control.end(() => process.exit(0));
}

/** @param {unknown} error */
function fail(error) {
  attempt?.abandon();
  try {
    fs.writeSync(2, `${error instanceof Error ? error.stack : error}\n`);
  } catch {
    // The worker that would read it is gone.
  }
  process.exit(70);
}

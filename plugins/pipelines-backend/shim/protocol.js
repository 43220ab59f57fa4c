// @ts-check
/**
 * The control pipe between a worker and its shim: JSON, one message per line, both ways.
 *
 * Times of `renewed` and `start` are milliseconds of the host's monotonic clock, which all
 * processes of a host share.
 *
 * @typedef {object} Identity
 * @property {number} pid
 * @property {string} startTicks when the process started; with the pid it names one process
 * @property {string} bootId
 *
 * @typedef {object} StartMessage
 * @property {'start'} type
 * @property {string} runId
 * @property {number} attempt
 * @property {string[]} argv
 * @property {string} cwd
 * @property {Record<string, string>} env
 * @property {string[]} secrets values that must not reach the disk
 * @property {string} spoolFolder
 * @property {string} exitFile
 * @property {number} graceMs time between the polite and the forced end
 * @property {number} leasedAt monotonic ms
 * @property {{
 *   leaseTermMs: number, leaseKillMs: number, spoolBytes: number, segmentBytes: number,
 *   drainMs: number, tailMs: number }} limits
 *
 * @typedef {object} ReapMessage
 * @property {'reap'} type
 * @property {string} runId
 * @property {number} attempt
 * @property {Identity} [shim] who watched over the attempt
 * @property {Identity} [child] what it had started
 *
 * @typedef {{ type: 'renewed', at: number }
 *   | { type: 'cancel', force: boolean }
 *   | { type: 'pause', paused: boolean }
 *   | { type: 'ack', position: number }} DriveMessage
 *
 * @typedef {StartMessage | ReapMessage | DriveMessage} WorkerMessage
 *
 * @typedef {'exited' | 'cancelled' | 'worker-died' | 'lease-expired' | 'spawn-failed'} Cause
 *
 * @typedef {object} Exit
 * @property {Cause} cause why it ended: by itself, or what the shim ended it for
 * @property {number} [exitCode]
 * @property {string} [signal]
 * @property {Identity} [child]
 * @property {number} position where the spool ends
 * @property {number} leftBehind processes that outlived the command and were ended
 * @property {number} survivors processes that could not be ended
 * @property {number} unwritten bytes of log that could not be written to the spool
 *
 * @typedef {{ type: 'ready' } & Identity} ReadyMessage
 * @typedef {{ type: 'spawned' } & Identity} SpawnedMessage
 * @typedef {{ type: 'spawn-failed', message: string }} SpawnFailedMessage
 * @typedef {{ type: 'spool', position: number }} SpoolMessage
 * @typedef {{ type: 'trouble', message: string }} TroubleMessage
 * @typedef {{ type: 'exited' } & Exit} ExitedMessage
 * @typedef {{ type: 'reaped', killed: number, survivors: number }} ReapedMessage
 * @typedef {{ type: 'paused', paused: boolean, problem?: string }} PausedMessage the answer to
 *   each `pause`, in order; a problem: it does not stand still
 *
 * @typedef {ReadyMessage | SpawnedMessage | SpawnFailedMessage | SpoolMessage
 *   | TroubleMessage | ExitedMessage | ReapedMessage | PausedMessage} ShimMessage
 */

const { Socket } = require('node:net');

/** @returns {number} milliseconds of the host's monotonic clock */
function monotonicMs() {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/**
 * Opens the shim's end of the control pipe.
 *
 * @param {number} fd
 * @param {{ onMessage(message: WorkerMessage): void, onClose(): void }} handlers
 *   `onClose` is called once: the worker is gone
 */
function openControl(fd, handlers) {
  const socket = new Socket({ fd, readable: true, writable: true });
  let rest = '';
  let closed = false;
  const close = () => {
    if (!closed) {
      closed = true;
      handlers.onClose();
    }
  };
  socket.setEncoding('utf8');
  socket.on('data', text => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      handlers.onMessage(JSON.parse(line));
    }
  });
  socket.on('error', close);
  socket.on('end', close);
  socket.on('close', close);
  return {
    /** @param {ShimMessage} message */
    send(message) {
      if (!closed) {
        socket.write(`${JSON.stringify(message)}\n`);
      }
    },
    /**
     * Sends what is left and closes.
     * @param {() => void} done
     */
    end(done) {
      if (closed) {
        done();
      } else {
        socket.end(done);
      }
    },
  };
}

module.exports = { monotonicMs, openControl };

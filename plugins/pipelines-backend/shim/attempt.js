// @ts-check
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { Deadline } = require('./deadline');
const { freezeTree, thawTree } = require('./freeze');
const { findTree, killTree, signal } = require('./killTree');
const { Output } = require('./output');
const { bootId, parentDeathPrefix, readProcess } = require('./platform');
const { monotonicMs } = require('./protocol');
const { Redactor } = require('./redact');
const { describeSpawnError, resolveCommand } = require('./resolveCommand');
const { Spool } = require('./spool');

const LOOK_INTERVAL_MS = 50;
/** The last bytes of processes that are gone are in the pipe already. */
const LAST_READ_MS = 1_000;
const GIVE_UP_MS = 5_000;

/**
 * One command under the shim's watch, from its start until nothing of it is alive and its log
 * and its end are on disk.
 *
 * @remarks
 * Life: `start` spawns; the child runs until it exits by itself, or `stop` asks it to (cancel,
 * death of the worker, age of the lease) and, after the grace, forces it. Its exit is followed
 * by {@link Attempt.#windDown}: what it left behind is ended, its last output read, its end
 * written. The first reason to stop it that comes before its exit is its cause.
 */
class Attempt {
  /** @type {import('./protocol').Identity | undefined} */
  #child;
  /** @type {import('./protocol').Cause} */
  #cause = 'exited';
  #hasExited = false;
  #isForced = false;
  /** @type {NodeJS.Timeout | undefined} */
  #graceTimer;
  /** Monotonic ms at which the grace of a stopped child is over. */
  #graceEnds = 0;
  /** Whether the tree stands still, or is on the way to it. */
  #isPaused = false;
  /** Pauses and resumes, one after another. @type {Promise<string | undefined>} */
  #pausing = Promise.resolve(undefined);
  /** What was alive when the child was asked to stop. @type {ReturnType<typeof findTree>} */
  #known = [];
  /** @type {Output[]} */
  #outputs = [];
  #readsAll = false;

  /**
   * @param {import('./protocol').StartMessage} message
   * @param {(message: import('./protocol').ShimMessage) => void} send
   */
  constructor(message, send) {
    this.message = message;
    this.send = send;
    const { limits } = message;
    this.deadline = new Deadline({
      termMs: limits.leaseTermMs,
      killMs: limits.leaseKillMs,
      onTerm: () => this.stop('lease-expired', this.deadline.leftMs()),
      onKill: () => this.force('lease-expired'),
    });
    this.spool = new Spool({
      folder: message.spoolFolder,
      maxBytes: limits.spoolBytes,
      segmentBytes: limits.segmentBytes,
      onPosition: position => send({ type: 'spool', position }),
      onTrouble: text => send({ type: 'trouble', message: text }),
      onChange: () => this.#regulate(),
    });
  }

  get hasSpawned() {
    return this.#child !== undefined;
  }

  /**
   * Runs the command to its end.
   *
   * @param {({ read: number, write: number } | undefined)[]} pipes for stdout and stderr
   */
  async run(pipes) {
    this.deadline.renew(this.message.leasedAt);
    const child = await this.#spawn(pipes);
    const exit = once(child, 'exit');
    this.#watchOutputs(child, pipes);
    const [code, signalName] = await exit;
    this.#hasExited = true;
    await this.#windDown(code, signalName);
  }

  /**
   * Asks the process group to end, and forces it after the grace.
   *
   * @param {import('./protocol').Cause} cause
   * @param {number} graceMs
   */
  stop(cause, graceMs) {
    if (graceMs <= 0) {
      this.force(cause);
      return;
    }
    const ends = monotonicMs() + graceMs;
    if (this.#isForced || (this.#graceEnds && ends >= this.#graceEnds)) {
      return;
    }
    const isFirst = this.#graceEnds === 0;
    this.#claim(cause);
    this.#graceEnds = ends;
    clearTimeout(this.#graceTimer);
    this.#graceTimer = setTimeout(() => this.force(cause), graceMs);
    if (isFirst && this.#child && !this.#hasExited) {
      this.#known = findTree(this.#tree());
      // A frozen group keeps the first signal for later unless it is thawed.
      signal(-this.#child.pid, 'SIGTERM');
      signal(-this.#child.pid, 'SIGCONT');
      if (this.#isPaused) {
        thawTree(this.#tree());
      }
    }
  }

  /** @param {import('./protocol').Cause} cause */
  force(cause) {
    if (this.#isForced) {
      return;
    }
    this.#claim(cause);
    this.#isForced = true;
    clearTimeout(this.#graceTimer);
    setTimeout(() => this.spool.giveUp(), GIVE_UP_MS).unref();
    if (this.#child && !this.#hasExited) {
      this.#known.push(...findTree(this.#tree()));
      signal(-this.#child.pid, 'SIGKILL');
      void killTree(this.#tree());
    }
  }

  /**
   * Lets everything of the attempt stand still, or go on. It goes on by itself when it is ended.
   *
   * @param {boolean} paused
   * @returns {Promise<string | undefined>} why it does not, when it stands still; then it goes on
   */
  setPaused(paused) {
    this.#pausing = this.#pausing.then(() =>
      paused ? this.#freeze() : this.#thaw(),
    );
    return this.#pausing;
  }

  /** @returns {Promise<string | undefined>} */
  async #freeze() {
    this.#isPaused = true;
    const problem = await freezeTree(
      () => this.#tree(),
      () => this.#whyNoPause(),
    );
    if (problem) {
      await this.#thaw();
    }
    return problem;
  }

  /** @returns {Promise<undefined>} */
  async #thaw() {
    this.#isPaused = false;
    if (!this.#whyNoPause()) {
      thawTree(this.#tree());
    }
  }

  #whyNoPause() {
    if (!this.#child) {
      return 'The command has not been started';
    }
    if (this.#hasExited) {
      return 'The command has ended';
    }
    return this.#graceEnds > 0 || this.#isForced
      ? 'The command is being ended'
      : undefined;
  }

  /** The shim itself is failing: nothing of the child may outlive it. */
  abandon() {
    if (this.#child) {
      for (const { pid } of findTree(this.#tree())) {
        signal(pid, 'SIGKILL');
      }
    }
  }

  /** @param {import('./protocol').Cause} cause */
  #claim(cause) {
    if (!this.#hasExited && this.#cause === 'exited') {
      this.#cause = cause;
    }
  }

  #tree() {
    const { runId, attempt } = this.message;
    return { runId, attempt, group: this.#child?.pid, known: this.#known };
  }

  /** @param {({ read: number, write: number } | undefined)[]} pipes */
  async #spawn(pipes) {
    const { argv, cwd, env } = this.message;
    if (this.deadline.leftMs() === 0 || this.#cause !== 'exited') {
      throw new Error('The lease was over before the command could be started');
    }
    const program = resolveCommand(argv[0], cwd, env.PATH);
    const [file, ...args] = [...parentDeathPrefix(), program, ...argv.slice(1)];
    try {
      const child = spawn(file, args, {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', ...pipes.map(pipe => pipe?.write ?? 'pipe')],
      });
      await once(child, 'spawn');
      this.#announce(/** @type {number} */ (child.pid));
      return child;
    } catch (error) {
      throw new Error(describeSpawnError(error, program));
    } finally {
      for (const pipe of pipes) {
        if (pipe) {
          fs.closeSync(pipe.write);
        }
      }
    }
  }

  /** @param {number} pid */
  #announce(pid) {
    const startTicks = readProcess(pid)?.startTicks ?? '';
    this.#child = { pid, startTicks, bootId: bootId() };
    this.send({ type: 'spawned', ...this.#child });
  }

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {({ read: number, write: number } | undefined)[]} pipes
   */
  #watchOutputs(child, pipes) {
    const automaton = Redactor.prepare(this.message.secrets);
    const streams = [child.stdout, child.stderr];
    this.#outputs = pipes.map(
      (pipe, index) =>
        new Output({
          stream: index === 0 ? 1 : 2,
          source:
            pipe?.read ??
            /** @type {import('node:net').Socket} */ (streams[index]),
          automaton,
          spool: this.spool,
          onRead: () => {
            void this.spool.flush();
            this.#regulate();
          },
        }),
    );
    this.tailTimer = setInterval(() => {
      this.#outputs.forEach(output => output.flushTail());
      void this.spool.flush();
    }, this.message.limits.tailMs);
  }

  /** Lets the child wait while its log cannot be taken. */
  #regulate() {
    const wanted = this.#readsAll || !this.spool.isFull;
    this.#outputs.forEach(output => output.setReading(wanted));
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signalName
   */
  async #windDown(code, signalName) {
    await this.#waitForLeftBehind();
    const { killed, survivors } = await killTree(this.#tree());
    clearTimeout(this.#graceTimer);
    await this.#readRest();
    await this.spool.close();
    this.deadline.stop();
    /** @type {import('./protocol').Exit} */
    const exit = {
      cause: this.#cause,
      exitCode: code ?? undefined,
      signal: signalName ?? undefined,
      child: this.#child,
      position: this.spool.position,
      leftBehind: killed,
      survivors,
      unwritten: this.spool.unwritten,
    };
    this.#record(exit);
    this.send({ type: 'exited', ...exit });
  }

  /**
   * A child that was asked to stop may have passed the request on: its descendants have the
   * rest of the grace. One that ended by itself may have left a process that still writes to
   * its output: that one has a moment.
   */
  async #waitForLeftBehind() {
    const ends = monotonicMs() + this.message.limits.drainMs;
    const mayWait = () =>
      this.#graceEnds > 0
        ? monotonicMs() < this.#graceEnds
        : monotonicMs() < ends &&
          !this.#outputs.every(output => output.hasEnded);
    while (!this.#isForced && mayWait() && findTree(this.#tree()).length > 0) {
      await sleep(LOOK_INTERVAL_MS);
    }
  }

  async #readRest() {
    clearInterval(this.tailTimer);
    this.#readsAll = true;
    this.#regulate();
    await Promise.race([
      Promise.all(this.#outputs.map(output => output.ended)),
      sleep(LAST_READ_MS),
    ]);
    this.#outputs.forEach(output => output.close());
  }

  /** @param {import('./protocol').Exit} exit */
  #record(exit) {
    const { exitFile } = this.message;
    try {
      fs.writeFileSync(`${exitFile}.tmp`, JSON.stringify(exit), {
        mode: 0o600,
      });
      fs.renameSync(`${exitFile}.tmp`, exitFile);
    } catch (error) {
      process.stderr.write(`The end could not be recorded: ${error}\n`);
    }
  }
}

module.exports = { Attempt };

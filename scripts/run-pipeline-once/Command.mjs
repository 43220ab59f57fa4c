// @ts-check
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { makePipe } from './makePipe.mjs';
import { identityOf } from './processIdentity.mjs';

/**
 * @typedef {import('./Recorder.mjs').Recorder} Recorder
 * @typedef {Omit<import('./Story.mjs').End, 'type' | 'at'>} Ending
 */

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNAL_BASE = 128;
const PASSED_ON = /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']);
/** How long output is awaited that something left behind by the command may still hold open. */
const DRAIN_MS = 1_000;

/** A command that prints to our own output, and is told what we are told. */
export class Command {
  /** Resolves when the command has ended. @type {Promise<{ exitCode: number, end: Ending }>} */
  ended;
  /** The last signal that was passed on. @type {NodeJS.Signals | undefined} */
  #passed;

  /**
   * @param {string[]} argv
   * @param {Recorder | undefined} recorder hears everything that the command prints
   * @param {Record<string, string>} variables added to its environment
   */
  constructor([program, ...args], recorder, variables) {
    const { MILLRACE_TOKEN: _, ...env } = process.env;
    const pipes = [makePipe(), makePipe()];
    const child = spawn(program, args, {
      stdio: ['inherit', ...pipes.map(pipe => pipe?.write ?? 'pipe')],
      env: { ...env, ...variables },
    });
    pipes.forEach(pipe => pipe && fs.closeSync(pipe.write));
    const sources = /** @type {import('node:stream').Readable[]} */ (
      pipes.map((pipe, index) => pipe?.source ?? child.stdio[index + 1])
    );
    child.once('spawn', () => recorder?.spawned(identityOf(Number(child.pid))));
    pass(sources[0], process.stdout, bytes => recorder?.print('stdout', bytes));
    pass(sources[1], process.stderr, bytes => recorder?.print('stderr', bytes));
    this.#passSignals(child);
    this.ended = new Promise(resolve => {
      child.once('error', error => resolve(notStarted(program, error)));
      child.once('exit', async (code, signal) => {
        await readRest(sources);
        resolve(this.#ending(code, signal));
      });
    });
  }

  /** @param {import('node:child_process').ChildProcess} child */
  #passSignals(child) {
    for (const signal of PASSED_ON) {
      process.on(signal, () => {
        this.#passed = signal;
        // From a terminal the command has got it by itself.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) {
          child.kill(signal);
        }
      });
    }
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   * @returns {{ exitCode: number, end: Ending }}
   */
  #ending(code, signal) {
    const exitCode = signal
      ? SIGNAL_BASE + os.constants.signals[signal]
      : code ?? 0;
    if (exitCode === 0) {
      return { exitCode, end: { state: 'succeeded' } };
    }
    const how = signal
      ? {
          kind: 'signal',
          signal,
          message: `The command was ended by ${signal}`,
        }
      : {
          kind: 'exit',
          exitCode,
          message: `The command ended with exit code ${code}`,
        };
    return this.#passed
      ? {
          exitCode,
          end: {
            state: 'cancelled',
            error: { ...how, message: `${how.message} after ${this.#passed}` },
          },
        }
      : { exitCode, end: { state: 'failed', error: how } };
  }
}

/**
 * Reads what is left; something that the command has left behind may hold the pipes open.
 *
 * @param {import('node:stream').Readable[]} sources
 */
async function readRest(sources) {
  const timer = setTimeout(
    () => sources.forEach(source => source.destroy()),
    DRAIN_MS,
  );
  await Promise.all(
    sources.map(
      source =>
        source.closed || new Promise(done => source.once('close', done)),
    ),
  );
  clearTimeout(timer);
}

/**
 * @param {import('node:stream').Readable} from
 * @param {NodeJS.WriteStream} to
 * @param {(bytes: Buffer) => void} hear
 */
function pass(from, to, hear) {
  from.on('data', bytes => {
    hear(bytes);
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  // Nobody reads it any more, and the command is to notice as it would without us.
  to.on('error', () => from.destroy());
  from.on('error', () => from.destroy());
}

/**
 * @param {string} program
 * @param {NodeJS.ErrnoException} error
 * @returns {{ exitCode: number, end: Ending }}
 */
function notStarted(program, { code, message }) {
  const reason = code === 'ENOENT' ? 'there is no such program' : message;
  process.stderr.write(`${program}: ${reason}\n`);
  return {
    exitCode: code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE,
    end: {
      state: 'failed',
      error: {
        kind: 'spawn',
        message: `'${program}' could not be started: ${reason}`,
      },
    },
  };
}

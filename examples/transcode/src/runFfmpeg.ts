import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endWithParent } from './endWithParent.ts';
import { StoppedError } from './errors.ts';
import { ffmpegBinary } from './ffmpegBinary.ts';

const COMMON_ARGUMENTS = [
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  'level+info',
];
const KEPT_STDERR_LINES = 200;

/** How to run ffmpeg and who hears what it says. */
export interface RunFfmpegOptions {
  /** Kills ffmpeg when it fires. */
  signal: AbortSignal;
  onStdoutLine?: (line: string) => void;
  onStderrLine?: (line: string) => void;
}

/** How ffmpeg ended, and its last lines on stderr. */
export interface FfmpegResult {
  exitCode: number;
  stderrLines: string[];
}

/**
 * Runs ffmpeg to its end, in any case: the promise settles only when the process is gone.
 *
 * @throws the signal's reason when it fired, else an error when a signal ended ffmpeg.
 */
export async function runFfmpeg(
  args: string[],
  options: RunFfmpegOptions,
): Promise<FfmpegResult> {
  const binary = await ffmpegBinary();
  options.signal.throwIfAborted();
  const child = spawn(binary, [...COMMON_ARGUMENTS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const liftGuard = child.pid ? endWithParent(child.pid) : undefined;
  // Nothing that ffmpeg would write while it stops is kept, so it gets no time for that
  const kill = () => child.kill('SIGKILL');
  options.signal.addEventListener('abort', kill, { once: true });
  const stderrLines: string[] = [];
  readLines(child.stdout, line => options.onStdoutLine?.(line));
  readLines(child.stderr, line => {
    stderrLines.push(line);
    stderrLines.splice(0, stderrLines.length - KEPT_STDERR_LINES);
    options.onStderrLine?.(line);
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        code === null
          ? reject(new Error(`ffmpeg was ended by ${signal}`))
          : resolve(code),
      );
    });
    options.signal.throwIfAborted();
    throwIfTerminated(stderrLines);
    return { exitCode, stderrLines };
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    options.signal.removeEventListener('abort', kill);
    await liftGuard?.();
  }
}

/** A signal to the whole process group can reach ffmpeg first, which then ends by itself. */
function throwIfTerminated(stderrLines: string[]): void {
  const received = stderrLines
    .map(line => /Exiting normally, received signal (\d+)/.exec(line)?.[1])
    .find(Boolean);
  if (received) {
    throw new StoppedError(
      `ffmpeg was stopped by signal ${received}`,
      128 + Number(received),
    );
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}

/** The reason that ffmpeg gave for its failure, without its prefixes. */
export function ffmpegReason(stderrLines: string[]): string {
  const problem = stderrLines.findLast(line => /\[(error|fatal)\]/.test(line));
  return (problem ?? stderrLines.at(-1) ?? 'no reason given')
    .replace(/^.*\[(error|fatal)\] /, '')
    .trim();
}

import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { ProtocolMessage } from '../protocol.ts';

const EXAMPLE = path.resolve(__dirname, '../..');
const started: { child: ChildProcess; home: string }[] = [];

/** How to start the pipeline in a test. */
export interface StartPipelineOptions {
  /** Default `main.ts`. */
  program?: 'main.ts' | 'clipPage.ts';
  /** What the parameters file holds; a string is written as it is. */
  parameters: unknown;
  inputFolders?: string[];
  /** Starts it below a shell that only waits for it. */
  underShell?: boolean;
}

/** A started pipeline, its files and what it said. */
export interface StartedPipeline {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** Value of MILLRACE_RUN_ID, which every process of the run carries. */
  runId: string;
  folder: string;
  stderr: () => string;
  messages: () => ProtocolMessage[];
  /** Settles with the exit code when the process has ended. */
  exitCode: Promise<number | null>;
}

/** Starts the real program as the process engine does: by environment, in a process group of its own. */
export function startPipeline(options: StartPipelineOptions): StartedPipeline {
  const home = mkdtempSync(path.join(os.tmpdir(), 'transcode-test-'));
  const folder = path.join(home, 'artifacts');
  const runId = randomUUID();
  const child = spawnPipeline(options, {
    PATH: process.env.PATH,
    MILLRACE_RUN_ID: runId,
    MILLRACE_PARAMS_FILE: writeParameters(home, options.parameters),
    MILLRACE_ARTIFACTS_DIR: folder,
    TRANSCODE_INPUT_FOLDERS: options.inputFolders?.join(path.delimiter),
  });
  started.push({ child, home });
  const stdout = collect(child.stdout);
  return {
    child,
    runId,
    folder,
    stderr: collect(child.stderr),
    messages: () => parseMessages(stdout()),
    exitCode: new Promise(resolve => child.once('close', resolve)),
  };
}

function spawnPipeline(
  { program = 'main.ts', underShell }: StartPipelineOptions,
  env: NodeJS.ProcessEnv,
): ChildProcessByStdio<null, Readable, Readable> {
  const file = path.join(EXAMPLE, program);
  const [command, args] = underShell
    ? ['sh', ['-c', '"$0" "$1" & wait', process.execPath, file]]
    : [process.execPath, [file]];
  return spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
}

function writeParameters(folder: string, parameters: unknown): string {
  const file = path.join(folder, 'params.json');
  const isText = typeof parameters === 'string';
  writeFileSync(file, isText ? parameters : JSON.stringify(parameters));
  return file;
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.on('data', chunk => (text += chunk));
  return () => text;
}

/** Ends what {@link startPipeline} started and removes its files. */
export function cleanUpPipelines(): void {
  for (const { child, home } of started.splice(0)) {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // The group has ended already
    }
    rmSync(home, { recursive: true, force: true });
  }
}

/** The live processes of a run, as Linux tells them. */
export function processesOfRun(
  runId: string,
): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => readProc(pid, 'environ').includes(runId))
    .map(pid => ({
      pid: Number(pid),
      command: readProc(pid, 'cmdline').replaceAll('\0', ' '),
    }));
}

/** Waits until `condition` holds; fails after 20 s. */
export async function waitFor(
  what: string,
  condition: () => boolean,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`Waited in vain until ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}

function parseMessages(stdout: string): ProtocolMessage[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .filter(line => line.startsWith('::millrace::'))
    .map(line => JSON.parse(line.slice('::millrace::'.length)));
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // It ended meanwhile
  }
}

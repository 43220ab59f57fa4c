import { endedWithin, type ManagedProcess, startProcess } from './processes.ts';

const HEARTBEAT_MS = 15_000;

/** A command that runs to its end, see `runCommand`. */
export interface RunCommandOptions {
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Called with each whole line; default: nothing is shown. */
  onLine?: (line: string) => void;
  /** Called when it printed nothing for a while, with how long it runs, in ms. */
  onSilence?: (elapsedMs: number) => void;
}

/** How a command ended and what it said. */
export interface CommandResult {
  code: number;
  output: string;
}

/** Runs a command to its end; it is ended with us. */
export async function runCommand(
  options: RunCommandOptions,
): Promise<CommandResult> {
  const startedAt = performance.now();
  let isSilent = true;
  const child: ManagedProcess = await startProcess({
    ...options,
    name: options.command,
    onLine: line => {
      isSilent = false;
      options.onLine?.(line);
    },
  });
  while (!(await endedWithin(child.exited, HEARTBEAT_MS))) {
    if (isSilent) {
      options.onSilence?.(performance.now() - startedAt);
    }
    isSilent = true;
  }
  const { code } = await child.exited;
  return { code: code ?? 1, output: child.log() };
}

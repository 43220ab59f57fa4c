import { StoppedError } from './errors.ts';

const PREFIX = '::millrace::';

/** The states that this pipeline reports of a step. */
export type StepStatus = 'pending' | 'running' | 'succeeded' | 'failed';

/** One message of the runner protocol, as it is written to stdout. */
export type ProtocolMessage =
  | { type: 'step'; name: string; status: StepStatus; message?: string }
  | { type: 'progress'; progress: number; message?: string }
  | { type: 'metric'; name: string; value: number }
  | { type: 'artifact'; path: string; name: string; mediaType: string }
  | { type: 'output'; name: string; json: unknown }
  | { type: 'summary'; text: string };

/** Writes one protocol line to stdout, where the process engine reads it. */
export function emit(message: ProtocolMessage): void {
  process.stdout.write(`${PREFIX}${JSON.stringify(message)}\n`);
}

/** Writes one line of log. */
export function log(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line of log that deserves attention. */
export function warn(line: string): void {
  process.stderr.write(`warning: ${line}\n`);
}

/** Runs `work` as the step `name` and reports how it ended; an error passes through. */
export async function inStep<T>(
  name: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  emit({ type: 'step', name, status: 'running' });
  try {
    const result = await work();
    signal.throwIfAborted();
    emit({ type: 'step', name, status: 'succeeded' });
    return result;
  } catch (error) {
    // A step that was stopped has not failed; that the run was cancelled is known to who did it
    if (!signal.aborted && !(error instanceof StoppedError)) {
      emit({ type: 'step', name, status: 'failed' });
    }
    throw error;
  }
}

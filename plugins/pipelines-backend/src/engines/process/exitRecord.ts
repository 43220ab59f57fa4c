import { readFile } from 'node:fs/promises';
import type {
  AttemptEnd,
  AttemptSink,
} from '@millrace/backstage-plugin-pipelines-node';
import { z } from 'zod';
import type { Exit } from '../../../shim/protocol';
import { withDescriptors } from '../withDescriptors';

const ExitSchema = z.object({
  cause: z.enum([
    'exited',
    'cancelled',
    'worker-died',
    'lease-expired',
    'spawn-failed',
  ]),
  exitCode: z.int().optional(),
  signal: z.string().optional(),
  position: z.int(),
  leftBehind: z.int(),
  survivors: z.int(),
  unwritten: z.int(),
});

/** Reads how an attempt ended; nothing when its shim could not write it down. */
export async function readExit(file: string): Promise<Exit | undefined> {
  try {
    return ExitSchema.parse(
      JSON.parse(await withDescriptors(() => readFile(file, 'utf8'))),
    );
  } catch {
    return undefined;
  }
}

const LOST_REASONS: Partial<Record<Exit['cause'], string>> = {
  'worker-died': 'Its worker died, so the command was ended',
  'lease-expired':
    'Its worker did not renew the lease in time, so the command was ended',
};

/** Says how an attempt ended; what is not known is lost. */
export function attemptEnd(exit: Exit | undefined): AttemptEnd {
  if (!exit) {
    return {
      kind: 'lost',
      message:
        'The process that watched over the command died too, so its end is not known',
    };
  }
  const lost = LOST_REASONS[exit.cause];
  if (lost) {
    return { kind: 'lost', message: lost };
  }
  const stopped = exit.cause === 'cancelled' ? { stopped: true } : undefined;
  if (exit.signal) {
    return { kind: 'signalled', signal: exit.signal, ...stopped };
  }
  return { kind: 'exited', exitCode: exit.exitCode ?? 1, ...stopped };
}

/**
 * Tells the reader of a run what they should know about its end, each once: as if it stood in the
 * spool behind its end.
 */
export async function sayExitWarnings(
  sink: AttemptSink,
  exit: Exit | undefined,
): Promise<void> {
  for (const [index, message] of exitWarnings(exit).entries()) {
    const position = exit && exit.position + 1 + index;
    await sink.message({ type: 'warning', message }, position);
  }
}

function exitWarnings(exit: Exit | undefined): string[] {
  const warnings: string[] = [];
  if (exit?.cause === 'exited' && exit.leftBehind > 0) {
    warnings.push(
      `The command left ${exit.leftBehind} processes behind when it exited; they were ended`,
    );
  }
  if (exit && exit.survivors > 0) {
    warnings.push(
      `${exit.survivors} processes of the command could not be ended; look for MILLRACE_RUN_ID in their environment on the worker's host`,
    );
  }
  if (exit && exit.unwritten > 0) {
    warnings.push(
      `The last ${exit.unwritten} bytes of the log are missing, because the worker's disk refused them`,
    );
  }
  return warnings;
}

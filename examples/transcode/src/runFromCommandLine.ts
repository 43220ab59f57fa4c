import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BadInputError, errorSentence, exitCodeOf } from './errors.ts';
import { readParameters } from './parameters.ts';
import { inputFolders } from './resolveInput.ts';
import { stopSignal } from './stopSignal.ts';
import { transcode } from './transcode.ts';

/**
 * Runs the pipeline for `argv` (`--params file.json --out folder`) or, without these, for the
 * environment of a Millrace run.
 *
 * @returns the exit code; an error is told on stderr in one sentence.
 */
export async function runFromCommandLine(argv: string[]): Promise<number> {
  const signal = stopSignal(process.env);
  // Encoding takes every core it gets; whatever else runs on the machine goes first
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    const { params, out } = parseArguments(argv);
    const folder = path.resolve(out);
    const parameters = await readParameters(params);
    await mkdir(folder, { recursive: true });
    await transcode({
      parameters,
      folder,
      inputFolders: inputFolders(process.env),
      signal,
    });
    return 0;
  } catch (error) {
    process.stderr.write(`error: ${errorSentence(error)}\n`);
    return exitCodeOf(error);
  }
}

function parseArguments(argv: string[]): { params?: string; out: string } {
  const { MILLRACE_PARAMS_FILE, MILLRACE_ARTIFACTS_DIR } = process.env;
  try {
    const { values } = parseArgs({
      args: argv,
      options: { params: { type: 'string' }, out: { type: 'string' } },
    });
    return {
      params: values.params ?? MILLRACE_PARAMS_FILE,
      out: values.out ?? MILLRACE_ARTIFACTS_DIR ?? '.',
    };
  } catch (error) {
    throw new BadInputError(
      `${errorSentence(
        error,
      )}. Usage: node main.ts [--params file.json] [--out folder]`,
    );
  }
}

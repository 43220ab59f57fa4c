#!/usr/bin/env node
// @ts-check
// Runs a command and reports it to a portal, or asks a portal to run a pipeline. It needs Node 20
// and the folder of its name beside it, and nothing else: copy both to any machine.
import {
  printUsage,
  readOptions,
  UsageError,
} from './run-pipeline-once/options.mjs';
import { drainAll } from './run-pipeline-once/drain.mjs';
import { submit } from './run-pipeline-once/submit.mjs';
import { say } from './run-pipeline-once/say.mjs';
import { wrap } from './run-pipeline-once/wrap.mjs';

const EXIT_USAGE = 64;
const EXIT_TROUBLE = 70;

/** @returns {Promise<number>} the exit code */
async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  switch (options.mode) {
    case 'help':
      printUsage();
      return 0;
    case 'drain':
      return await drainAll(options);
    case 'submit':
      return await submit(options);
    default:
      return await wrap(options);
  }
}

main().then(
  code => process.exit(code),
  error => {
    say(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) {
      say('--help says what there is');
    }
    process.exit(error instanceof UsageError ? EXIT_USAGE : EXIT_TROUBLE);
  },
);

// @ts-check
// The first program of `npm start`. It runs on whatever Node the machine has, so
// it only brings the toolchain and the packages; scripts/start/main.ts does the rest.
import { printFailure } from './lib/failure.mjs';
import { step } from './lib/progress.mjs';
import {
  handOver,
  installPackages,
  prepareToolchain,
} from './lib/toolchain.mjs';
import { readStartOptions, START_USAGE } from './start/options.mjs';

const args = process.argv.slice(2);
const startedAt = Date.now();

try {
  if (readStartOptions(args).help) {
    console.log(START_USAGE);
    process.exit(0);
  }
  const toolchain = await step('toolchain', prepareToolchain);
  await step('packages', say => installPackages(toolchain, say));
  await handOver(toolchain, 'scripts/start/main.ts', args, {
    MILLRACE_STARTED_AT: String(startedAt),
  });
} catch (error) {
  printFailure(error);
  process.exit(1);
}

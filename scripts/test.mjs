// @ts-check
// The first program of `npm test`: it brings the toolchain and the packages (the
// install stage) on whatever Node the machine has, then scripts/test/main.ts
// runs the stages.
import { printFailure } from './lib/failure.mjs';
import { step } from './lib/progress.mjs';
import {
  handOver,
  installPackages,
  prepareToolchain,
} from './lib/toolchain.mjs';
import { readTestOptions, TEST_USAGE } from './test/options.mjs';

const args = process.argv.slice(2);
const startedAt = Date.now();

try {
  if (readTestOptions(args).help) {
    console.log(TEST_USAGE);
    process.exit(0);
  }
  const toolchain = await step('toolchain', prepareToolchain);
  await step('packages', say => installPackages(toolchain, say));
  await handOver(toolchain, 'scripts/test/main.ts', args, {
    MILLRACE_INSTALL_MS: String(Date.now() - startedAt),
  });
} catch (error) {
  printFailure(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

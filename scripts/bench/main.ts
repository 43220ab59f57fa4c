import fs from 'node:fs';
import path from 'node:path';
import { Failure, printFailure } from '../lib/failure.mjs';
import { inRoot } from '../lib/paths.ts';

/** What each file beside this one exports. */
interface Benchmark {
  /** One line for the list. */
  description: string;
  /** Measures and prints; the arguments after the name are its own. */
  run(args: string[]): Promise<void>;
}

const FOLDER = inRoot('scripts/bench');
const USAGE = 'yarn bench <name> [arguments]';

async function main([name, ...args]: string[]): Promise<void> {
  const names = listBenchmarks();
  if (name === undefined || name === '--help') {
    console.log(`${USAGE}\n\n${await describe(names)}`);
    return;
  }
  if (!names.includes(name)) {
    throw new Failure(`There is no benchmark '${name}'.`, {
      wayOut: `${USAGE}\n\n${await describe(names)}`,
    });
  }
  const benchmark = await load(name);
  await benchmark.run(args);
}

function listBenchmarks(): string[] {
  return fs
    .readdirSync(FOLDER)
    .filter(file => /^[a-z0-9-]+\.ts$/.test(file) && file !== 'main.ts')
    .map(file => path.basename(file, '.ts'));
}

async function describe(names: string[]): Promise<string> {
  const lines = names.map(
    async name => `  ${name.padEnd(20)} ${(await load(name)).description}`,
  );
  return lines.length > 0
    ? (await Promise.all(lines)).join('\n')
    : '  There are none yet.';
}

async function load(name: string): Promise<Benchmark> {
  return await import(path.join(FOLDER, `${name}.ts`));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  printFailure(error);
  process.exit(1);
}

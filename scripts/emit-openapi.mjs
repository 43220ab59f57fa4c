// @ts-check
// Writes docs/openapi.json from the zod shapes of the API; with --check it only
// says whether the file is what the shapes say now.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure, printFailure } from './lib/failure.mjs';
import { readFlags } from './lib/options.mjs';
import { ROOT } from './lib/toolchain.mjs';

const FILE = path.join(ROOT, 'docs/openapi.json');
const USAGE = 'yarn openapi [--check]';

try {
  const flags = readFlags(process.argv.slice(2), {
    command: 'yarn openapi',
    usage: USAGE,
    options: { check: { type: 'boolean' } },
  });
  const text = `${JSON.stringify(buildDocument(), null, 2)}\n`;
  if (!flags.check) {
    fs.writeFileSync(FILE, text);
  } else if (!fs.existsSync(FILE) || fs.readFileSync(FILE, 'utf8') !== text) {
    throw new Failure('docs/openapi.json is not what the shapes say.', {
      wayOut: 'Run `yarn openapi` and commit the file.',
    });
  }
} catch (error) {
  printFailure(error);
  process.exit(1);
}

function buildDocument() {
  const require = createRequire(import.meta.url);
  // The sources of the plugins are written for this transform.
  require('@backstage/cli/config/nodeTransform.cjs');
  const { buildOpenApi } = require('../plugins/pipelines-common/src/index.ts');
  const { version } = require('../plugins/pipelines-common/package.json');
  return buildOpenApi(version);
}

import { inRoot } from '../lib/paths.ts';
import { type Check, runChecks } from './runChecks.ts';
import type { StageResult } from './StageResult.ts';

const bin = (name: string) => inRoot('node_modules/.bin', name);

function check(name: string, program: string, ...args: string[]): Check {
  return { name, command: process.execPath, args: [bin(program), ...args] };
}

/** As `yarn api-reports`; what is left out says where this checkout is, or nothing. */
const API_REPORT_ARGS = [
  'api-reports',
  '--ci',
  '--include',
  'plugins/*',
  '--omit-messages',
  'ae-wrong-input-file-type,ae-undocumented',
  '--validate-release-tags',
];

/** Types, lint, format, API reports and the drift of openapi.json. */
export async function runStaticStage(): Promise<StageResult> {
  return await runChecks([
    [
      // The order of members in inferred types, and so the reports, depends on what was checked before.
      check('types', 'tsc', '--incremental', 'false'),
      // They read the declarations that the types check writes.
      check('API reports', 'backstage-repo-tools', ...API_REPORT_ARGS),
      {
        name: 'openapi.json is what the shapes say',
        command: process.execPath,
        args: [inRoot('scripts/emit-openapi.mjs'), '--check'],
      },
    ],
    [
      check(
        'lint of packages',
        'backstage-cli',
        'repo',
        'lint',
        '--max-warnings',
        '0',
      ),
      check(
        'lint of scripts and tests',
        'eslint',
        ...[
          '--ext',
          '.ts,.mjs,.cjs',
          '--max-warnings',
          '0',
          'scripts',
          'tests',
        ],
      ),
      check('format', 'prettier', '--check', '.'),
    ],
  ]);
}

import { recordAppBundle } from '../lib/appBundle.ts';
import { inRoot } from '../lib/paths.ts';
import { runChecks } from './runChecks.ts';
import type { StageResult } from './StageResult.ts';

/** The production build of every package; the later stages use its app bundle. */
export async function runBuildStage(): Promise<StageResult> {
  const result = await runChecks([
    [
      {
        name: 'production build of every package',
        command: process.execPath,
        args: [
          inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
          ...['repo', 'build', '--all'],
        ],
      },
    ],
  ]);
  if (result.failed === 0) {
    recordAppBundle();
  }
  return result;
}

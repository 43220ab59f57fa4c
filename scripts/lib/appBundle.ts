import fs from 'node:fs';
import { contentStamp } from './contentStamp.ts';
import { commonFailure, Failure } from './failure.mjs';
import { withFileLock } from './fileLock.ts';
import { inRoot } from './paths.ts';
import { startProcess } from './processes.ts';

const STAMP_FILE = inRoot('node_modules/.millrace-app-bundle');
const BUNDLE_ENTRY = inRoot('packages/app/dist/index.html');
const SHOWN_LINES = 25;

/**
 * Builds the production bundle of the app, unless what it is made of is the same
 * as when it was last built.
 *
 * @param say - told what is going on
 */
export async function ensureAppBundle(
  say: (detail: string) => void,
): Promise<void> {
  await withFileLock(`${STAMP_FILE}.lock`, () => rebuildIfChanged(say));
}

async function rebuildIfChanged(say: (detail: string) => void): Promise<void> {
  const stamp = contentStamp(bundleInputs());
  if (fs.existsSync(BUNDLE_ENTRY) && readStamp() === stamp) {
    say('unchanged since the last build');
    return;
  }
  say('building');
  fs.rmSync(STAMP_FILE, { force: true });
  await buildApp();
  fs.writeFileSync(STAMP_FILE, stamp);
  say('built');
}

/** Tells later starts that the bundle was just built from the present sources. */
export function recordAppBundle(): void {
  fs.writeFileSync(STAMP_FILE, contentStamp(bundleInputs()));
}

function readStamp(): string | undefined {
  return fs.existsSync(STAMP_FILE)
    ? fs.readFileSync(STAMP_FILE, 'utf8')
    : undefined;
}

/** The app, every package that may end up in the browser, and what pins the rest. */
function bundleInputs(): string[] {
  const plugins = fs
    .readdirSync(inRoot('plugins'))
    .filter(name => !/-(?:backend|node)(?:-|$)/.test(name))
    .map(name => inRoot('plugins', name));
  return [
    inRoot('packages/app'),
    ...plugins.sort(),
    inRoot('app-config.yaml'), // Which plugins the app discovers is decided at build time.
    inRoot('yarn.lock'),
  ];
}

async function buildApp(): Promise<void> {
  const build = await startProcess({
    name: 'app bundle',
    command: process.execPath,
    args: [
      inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
      ...['package', 'build'],
      ...['--config', inRoot('app-config.yaml')],
    ],
    cwd: inRoot('packages/app'),
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const { code, signal } = await build.exited;
  if (code === 0) {
    return;
  }
  const output = build.log();
  throw (
    commonFailure(output, 'building the app') ??
    new Failure(
      `The app could not be built (${signal ?? `exit code ${code}`}).`,
      {
        details: output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'),
        wayOut:
          signal === 'SIGKILL'
            ? 'The machine may be short of memory; the build needs about 2 GB.'
            : 'The lines above name the file; `yarn tsc` says more about types.',
      },
    )
  );
}

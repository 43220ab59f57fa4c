import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { inRoot } from '../../../scripts/lib/paths.ts';
import {
  makeTemporaryFolder,
  type TemporaryFolder,
} from '../../../scripts/lib/temporaryFolder.ts';

const SCOPE = '@millrace';
const WORKSPACES = ['packages', 'plugins', 'examples'];
/** What looks for our packages beside itself, and would find those of this checkout through a link. */
const LOOKS_BESIDE_ITSELF = '@backstage/backend-plugin-api';
const execute = promisify(execFile);

/** The commit before this one, checked out beside it with the packages that are installed here. */
export class PreviousCheckout {
  readonly #folder: TemporaryFolder;
  readonly path: string;

  /** @throws Error when the history is missing, as in a shallow clone or an unpacked archive */
  static async make(): Promise<PreviousCheckout> {
    const folder = makeTemporaryFolder('previous');
    const checkout = path.join(folder.path, 'checkout');
    try {
      await git('worktree', 'add', '--detach', checkout, 'HEAD~1');
    } catch (error) {
      folder.remove();
      throw new Error(
        'The commit before this one cannot be checked out: this checkout has no git history, or only its last commit. Clone it with its history (git fetch --unshallow)',
        { cause: error },
      );
    }
    const previous = new PreviousCheckout(folder, checkout);
    try {
      linkPackages(checkout);
      return previous;
    } catch (error) {
      await previous.remove();
      throw error;
    }
  }

  private constructor(folder: TemporaryFolder, checkout: string) {
    this.#folder = folder;
    this.path = checkout;
  }

  async remove(): Promise<void> {
    await git('worktree', 'remove', '--force', this.path);
    this.#folder.remove();
  }
}

async function git(...args: string[]): Promise<void> {
  await execute('git', args, { cwd: inRoot() });
}

/** Links what is installed, and our own packages to those of the checkout. */
function linkPackages(checkout: string): void {
  linkAll(inRoot('node_modules'), path.join(checkout, 'node_modules'));
  copyPackage(checkout, LOOKS_BESIDE_ITSELF);
  for (const workspace of WORKSPACES) {
    for (const name of listFolders(path.join(checkout, workspace))) {
      const installed = inRoot(workspace, name, 'node_modules');
      if (fs.existsSync(installed)) {
        linkAll(
          installed,
          path.join(checkout, workspace, name, 'node_modules'),
        );
      }
    }
  }
  const scope = path.join(checkout, 'node_modules', SCOPE);
  fs.rmSync(scope);
  fs.mkdirSync(scope);
  for (const workspace of WORKSPACES) {
    for (const name of listFolders(path.join(checkout, workspace))) {
      const folder = path.join(checkout, workspace, name);
      const manifest = path.join(folder, 'package.json');
      const own = fs.existsSync(manifest)
        ? JSON.parse(fs.readFileSync(manifest, 'utf8')).name
        : '';
      if (own.startsWith(`${SCOPE}/`)) {
        fs.symlinkSync(folder, path.join(scope, own.slice(SCOPE.length + 1)));
      }
    }
  }
}

/** Puts a package itself in the place of its link; its scope is one of links from then on. */
function copyPackage(checkout: string, name: string): void {
  const scope = path.dirname(name);
  const place = path.join(checkout, 'node_modules', scope);
  fs.rmSync(place);
  linkAll(inRoot('node_modules', scope), place);
  fs.rmSync(path.join(checkout, 'node_modules', name));
  fs.cpSync(
    inRoot('node_modules', name),
    path.join(checkout, 'node_modules', name),
    { recursive: true },
  );
}

/** Makes a folder of links to everything in another. */
function linkAll(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(from)) {
    fs.symlinkSync(path.join(from, name), path.join(to, name));
  }
}

function listFolders(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

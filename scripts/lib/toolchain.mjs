// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commonFailure, Failure } from './failure.mjs';

/** The folder of the checkout. */
export const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
);

const TOOLCHAIN = path.join(ROOT, '.toolchain');
const INSTALL_STAMP = path.join(ROOT, 'node_modules/.millrace-install');
const MINIMUM_NODE = [22, 18]; // The first one that runs TypeScript files as they are.
const TOOL_PACKAGES = ['node@24', '@yarnpkg/cli-dist@4'];
const YARN_PROBE_TIMEOUT_MS = 10_000;
const PARENT_POLL_MS = 500;
const KEPT_OUTPUT_CHARACTERS = 20_000;
const STOP_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * @typedef {object} Toolchain
 * @property {string} node - path of the Node that runs the project
 * @property {string[]} yarn - command and first arguments of Yarn 4
 * @property {NodeJS.ProcessEnv} env - an environment in which `node` and `yarn` are these
 * @property {string} versions - both versions, for people
 */

/**
 * Finds Node and Yarn on the machine or brings them from the npm registry into
 * `.toolchain`, which is kept.
 *
 * @param {(detail: string) => void} say
 * @returns {Promise<Toolchain>}
 */
export async function prepareToolchain(say) {
  const hasNode = isNewEnough(process.versions.node);
  const machineYarn = findMachineYarn();
  if (!(hasNode && machineYarn) && !isToolchainComplete()) {
    say(`fetching ${TOOL_PACKAGES.join(' and ')} from the npm registry`);
    await fetchToolchain();
  }
  const node = hasNode ? process.execPath : toolchainNode();
  const yarn = machineYarn ? ['yarn'] : [node, toolchainYarn()];
  const env = environmentFor(node, !machineYarn);
  const toolchain = { node, yarn, env, versions: describe(node, yarn, env) };
  say(toolchain.versions);
  return toolchain;
}

/**
 * Runs `yarn install --immutable`, unless nothing that it reads has changed
 * since it last succeeded.
 *
 * @param {Toolchain} toolchain
 * @param {(detail: string) => void} say
 */
export async function installPackages(toolchain, say) {
  const inputs = hashInstallInputs(toolchain.versions);
  if (readIfPresent(INSTALL_STAMP) === inputs) {
    say('unchanged since the last install');
    return;
  }
  fs.rmSync(INSTALL_STAMP, { force: true });
  const [command, ...args] = toolchain.yarn;
  const { code, output } = await run(
    command,
    [...args, 'install', '--immutable'],
    {
      env: { ...toolchain.env, YARN_ENABLE_PROGRESS_BARS: '0' },
      onLine: line => {
        const stage = /┌ (.+)/.exec(line);
        if (stage) {
          say(stage[1]);
        }
      },
    },
  );
  if (code !== 0) {
    throw installFailure(output);
  }
  fs.writeFileSync(INSTALL_STAMP, inputs);
  say('installed');
}

/**
 * Hands over to a TypeScript program and ends as it ends. Signals reach it, and
 * when it dies without cleaning up, the processes it had started are killed.
 *
 * @param {Toolchain} toolchain
 * @param {string} program - path of the program inside the checkout
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [extraEnv]
 * @returns {Promise<never>}
 */
export async function handOver(toolchain, program, args, extraEnv = {}) {
  const child = spawn(toolchain.node, [path.join(ROOT, program), ...args], {
    cwd: ROOT,
    env: { ...toolchain.env, ...extraEnv },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  /** @type {Set<number>} */
  const groups = new Set();
  child.on('message', message => trackGroup(groups, message));
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => child.kill(signal));
  }
  const watch = watchParent(() => child.kill('SIGTERM'));
  const exitCode = await new Promise(resolve => {
    child.on('error', () => resolve(1));
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + signalNumber(signal)),
    );
  });
  clearInterval(watch);
  groups.forEach(killGroup);
  process.exit(exitCode);
}

/**
 * npm starts us through a shell, and a SIGTERM to npm ends only that shell. So
 * under npm, and only there, the end of the parent means stop.
 *
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) {
      clearInterval(watch); // A second stop would mean hurry.
      onGone();
    }
  }, PARENT_POLL_MS);
  return watch;
}

/**
 * @param {Set<number>} groups
 * @param {unknown} message - `{ started: pid }` or `{ ended: pid }`
 */
function trackGroup(groups, message) {
  const { started, ended } =
    /** @type {{ started?: number, ended?: number }} */ (message);
  if (started) {
    groups.add(started);
  }
  if (ended) {
    groups.delete(ended);
  }
}

/** @param {number} pid */
function killGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Gone already, which is what we want.
  }
}

/** @param {NodeJS.Signals | null} signal */
function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0;
}

/** @param {string} version */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return (
    major > MINIMUM_NODE[0] ||
    (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])
  );
}

function findMachineYarn() {
  const probe = spawnSync('yarn', ['--version'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: YARN_PROBE_TIMEOUT_MS,
    // A Corepack shim would try to download here, and ask before it does.
    env: { ...process.env, COREPACK_ENABLE_NETWORK: '0' },
  });
  return probe.status === 0 && /^4\./.test(probe.stdout.trim());
}

function toolchainNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(TOOLCHAIN, 'node_modules/node/bin', name);
}

function toolchainYarn() {
  return path.join(TOOLCHAIN, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
}

function isToolchainComplete() {
  if (!fs.existsSync(toolchainYarn()) || !fs.existsSync(toolchainNode())) {
    return false;
  }
  return spawnSync(toolchainNode(), ['--version']).status === 0;
}

async function fetchToolchain() {
  fs.mkdirSync(TOOLCHAIN, { recursive: true });
  const [command, ...args] = npmCommand();
  const { code, output } = await run(
    command,
    [
      ...args,
      'install',
      '--prefix',
      TOOLCHAIN,
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--ignore-scripts=false', // The package `node` puts its binary in place by a script.
      ...TOOL_PACKAGES,
    ],
    { env: withoutNpmLifecycle(process.env) },
  );
  if (code === 0 && isToolchainComplete()) {
    return;
  }
  const what = 'fetching Node 24 and Yarn 4';
  throw (
    commonFailure(output, what) ??
    new Failure(`npm failed while ${what} into ${TOOLCHAIN}.`, {
      details: lastLines(output, 15),
      wayOut: `Delete ${TOOLCHAIN} and try again, or install Node 24 and Yarn 4 yourself.`,
    })
  );
}

function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && path.basename(own) === 'npm-cli.js') {
    return [process.execPath, own];
  }
  return ['npm'];
}

/**
 * What `npm start` tells its scripts about this package would mislead a nested
 * npm; what the user configured (`npm_config_*`) stays.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpmLifecycle(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(package|lifecycle)_|^npm_config_(local_prefix|prefix)$/.test(
          name,
        ),
    ),
  );
}

/**
 * @param {string} node
 * @param {boolean} bringsYarn
 * @returns {NodeJS.ProcessEnv}
 */
function environmentFor(node, bringsYarn) {
  const folders = [path.dirname(node)];
  if (bringsYarn) {
    folders.push(path.join(TOOLCHAIN, 'node_modules/.bin'));
  }
  const env = withoutNpmLifecycle(process.env);
  const pathName =
    Object.keys(env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...env,
    [pathName]: [...folders, env[pathName]].join(path.delimiter),
    YARN_ENABLE_TELEMETRY: '0',
  };
}

/**
 * @param {string} node
 * @param {string[]} yarn
 * @param {NodeJS.ProcessEnv} env
 */
function describe(node, yarn, env) {
  const [command, ...args] = yarn;
  const nodeVersion = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const yarnVersion = spawnSync(command, [...args, '--version'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32' && command === 'yarn',
  });
  return `Node ${nodeVersion.stdout
    ?.trim()
    .slice(1)}, Yarn ${yarnVersion.stdout?.trim()}`;
}

/** @param {string} versions */
function hashInstallInputs(versions) {
  const hash = createHash('sha256').update(versions);
  for (const file of ['yarn.lock', '.yarnrc.yml', ...packageFiles()]) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(ROOT, file)));
  }
  return hash.digest('hex');
}

function packageFiles() {
  const { workspaces } = JSON.parse(
    fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
  );
  const files = workspaces.flatMap((/** @type {string} */ pattern) => {
    const folder = pattern.replace(/\/\*$/, '');
    return fs
      .readdirSync(path.join(ROOT, folder))
      .map(name => path.posix.join(folder, name, 'package.json'));
  });
  return [
    'package.json',
    ...files
      .filter((/** @type {string} */ file) =>
        fs.existsSync(path.join(ROOT, file)),
      )
      .sort(),
  ];
}

/** @param {string} output */
function installFailure(output) {
  const common = commonFailure(output, 'installing the packages');
  if (common) {
    return common;
  }
  if (output.includes('YN0028')) {
    return new Failure(
      'yarn.lock does not match the package.json files, so nothing was installed.',
      { wayOut: 'Run `yarn install` and commit the changed yarn.lock.' },
    );
  }
  return new Failure('`yarn install --immutable` failed.', {
    details: lastLines(output, 20),
    wayOut:
      'The lines above name the package. Deleting node_modules and running the same command again starts afresh.',
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, onLine?: (line: string) => void }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, args, { env, onLine }) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !path.isAbsolute(command),
    });
    let output = '';
    /** @param {Buffer} chunk */
    const collect = chunk => {
      const text = chunk.toString();
      output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS);
      text.split('\n').forEach(line => onLine?.(line));
    };
    // A stop while it runs must not leave it behind.
    const stop = () => {
      child.kill();
      process.exit(1);
    };
    STOP_SIGNALS.forEach(signal => process.once(signal, stop));
    /** @param {number} code */
    const finish = code => {
      STOP_SIGNALS.forEach(signal => process.off(signal, stop));
      resolve({ code, output });
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', error => {
      output += `\n${error.message}`;
      finish(1);
    });
    child.on('close', code => finish(code ?? 1));
  });
}

/**
 * @param {string} text
 * @param {number} count
 */
function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** @param {string} file */
function readIfPresent(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

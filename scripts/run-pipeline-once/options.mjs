// @ts-check
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { beQuiet } from './say.mjs';

const USAGE = `run-pipeline-once [flags] -- command [arguments]   runs the command and reports it
run-pipeline-once [flags] --submit                 asks the portal to run the pipeline
run-pipeline-once [flags] --drain                  sends what earlier runs could not send

To reach the portal, in every form:
  --portal URL          such as https://portal.example.org   (or MILLRACE_PORTAL)
  --token-file FILE     holds the token                      (or MILLRACE_TOKEN_FILE)
                        The token itself may be in MILLRACE_TOKEN; it is never a flag.

To run a command and report it:
  --reporter NAME       as under pipelines.reporters         (or MILLRACE_REPORTER)
  --pipeline ID         the pipeline that this is a run of
  --id ID               another one for each run, such as a build number; default: made up
  --title TEXT          default: the title of the pipeline
  --label NAME=VALUE    may be repeated
  --param NAME=VALUE    may be repeated; the value is JSON, or else text
  --params-file FILE    a JSON object of parameters
  --artifact FILE       a file to keep when the command has ended; may be repeated
  --secret NAME         the value of this environment variable is masked; may be repeated
  --linger SECONDS      how long to wait for the portal when the command has ended; default 10,
                        and ten times that while it takes something
  --spool FOLDER        where reports wait until they are sent  (or MILLRACE_SPOOL)

To have the portal run it:
  --pipeline ID, --param, --params-file, --label
  --id ID               the same id again is the same run; default: made up
  --follow              prints its log and ends as it ends
  --wait-timeout TIME   stop waiting after this, such as 90s, 30m or 2h; the run goes on

  --quiet               prints only what the command prints
  --help                this text

Exit codes of a command: its own; 128 and the signal that ended it; 127 when it is not there,
126 when it cannot be executed. A portal that is away changes nothing of this.
Exit codes of --submit --follow: 0 succeeded, the exit code of the run or 1 when it failed,
124 timed out, 125 lost or unknown, 130 cancelled, 75 --wait-timeout was over.
Others: 64 wrong flags, or a request that the portal refuses; 69 the portal is not there;
77 the portal does not allow it; 1 --drain left something behind.
`;

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000 };
const DEFAULT_LINGER_S = 10;

/** The flags or their values are wrong. */
export class UsageError extends Error {}

/**
 * @typedef {object} PortalOptions
 * @property {string} portal address without a slash at the end
 * @property {() => string} readToken throws a UsageError when there is none
 * @property {string} spool folder
 *
 * @typedef {object} RunOptions
 * @property {string} pipeline
 * @property {string} [id]
 * @property {Record<string, string>} labels
 * @property {Record<string, unknown>} parameters
 *
 * @typedef {object} CommandOptions
 * @property {string} reporter
 * @property {string} [title]
 * @property {string[]} artifacts files
 * @property {string[]} secrets values
 * @property {number} lingerMs
 * @property {string[]} command
 *
 * @typedef {object} FollowOptions
 * @property {boolean} follow
 * @property {number} [waitMs]
 *
 * @typedef {{ mode: 'wrap' } & PortalOptions & RunOptions & CommandOptions} WrapOptions
 * @typedef {{ mode: 'submit' } & PortalOptions & RunOptions & FollowOptions} SubmitOptions
 * @typedef {{ mode: 'drain' } & PortalOptions} DrainOptions
 */

/** Prints what there is. */
export function printUsage() {
  process.stdout.write(USAGE);
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {WrapOptions | SubmitOptions | DrainOptions | { mode: 'help' }}
 * @throws {UsageError}
 */
export function readOptions(args, env) {
  const end = args.indexOf('--');
  const flags = parse(end < 0 ? args : args.slice(0, end));
  const command = end < 0 ? [] : args.slice(end + 1);
  if (flags.help) {
    return { mode: 'help' };
  }
  if (flags.quiet) {
    beQuiet();
  }
  const portal = readPortal(flags, env);
  if (flags.drain) {
    return { mode: 'drain', ...portal };
  }
  const run = {
    pipeline: required('--pipeline', flags.pipeline),
    id: flags.id,
    labels: pairs('--label', flags.label),
    parameters: readParameters(flags),
  };
  if (flags.submit) {
    if (command.length > 0) {
      throw new UsageError(
        '--submit runs what the portal knows; give no command',
      );
    }
    return {
      mode: 'submit',
      ...portal,
      ...run,
      follow: Boolean(flags.follow),
      waitMs: readTime('--wait-timeout', flags['wait-timeout']),
    };
  }
  if (command.length === 0) {
    throw new UsageError('Give the command behind --, or --submit or --drain');
  }
  return {
    mode: 'wrap',
    ...portal,
    ...run,
    reporter: required('--reporter', flags.reporter ?? env.MILLRACE_REPORTER),
    title: flags.title,
    artifacts: flags.artifact ?? [],
    secrets: (flags.secret ?? []).map(name =>
      required(`${name}, a secret,`, env[name]),
    ),
    lingerMs: readSeconds('--linger', flags.linger, DEFAULT_LINGER_S),
    command,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        portal: { type: 'string' },
        'token-file': { type: 'string' },
        reporter: { type: 'string' },
        pipeline: { type: 'string' },
        id: { type: 'string' },
        title: { type: 'string' },
        label: { type: 'string', multiple: true },
        param: { type: 'string', multiple: true },
        'params-file': { type: 'string' },
        artifact: { type: 'string', multiple: true },
        secret: { type: 'string', multiple: true },
        linger: { type: 'string' },
        spool: { type: 'string' },
        submit: { type: 'boolean' },
        follow: { type: 'boolean' },
        'wait-timeout': { type: 'string' },
        drain: { type: 'boolean' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}

/**
 * @param {ReturnType<typeof parse>} flags
 * @param {NodeJS.ProcessEnv} env
 * @returns {PortalOptions}
 */
function readPortal(flags, env) {
  const portal = required('--portal', flags.portal ?? env.MILLRACE_PORTAL);
  if (!/^https?:\/\/./.test(portal) || !URL.canParse(portal)) {
    throw new UsageError(`--portal '${portal}' is no http or https address`);
  }
  const tokenFile = flags['token-file'] ?? env.MILLRACE_TOKEN_FILE;
  const token = env.MILLRACE_TOKEN;
  if (!tokenFile && !token) {
    throw new UsageError('Give --token-file, or the token in MILLRACE_TOKEN');
  }
  return {
    portal: portal.replace(/\/+$/, ''),
    readToken: () => readToken(tokenFile, token),
    spool: path.resolve(flags.spool ?? env.MILLRACE_SPOOL ?? defaultSpool(env)),
  };
}

/**
 * Read each time, because whoever renews it does not restart anything.
 *
 * @param {string | undefined} file
 * @param {string | undefined} value
 */
function readToken(file, value) {
  const token = (file ? readFile('--token-file', file) : value ?? '').trim();
  // Not even a part of it may get into the error of a header.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      `The token in ${file ?? 'MILLRACE_TOKEN'} is empty or more than one word`,
    );
  }
  return token;
}

/** @param {NodeJS.ProcessEnv} env */
function defaultSpool(env) {
  if (process.platform === 'win32') {
    return path.join(env.LOCALAPPDATA ?? os.tmpdir(), 'millrace', 'spool');
  }
  const state =
    env.XDG_STATE_HOME ?? path.join(os.homedir(), '.local', 'state');
  return path.join(state, 'millrace', 'spool');
}

/** @param {ReturnType<typeof parse>} flags */
function readParameters(flags) {
  const file = flags['params-file'];
  const fromFile = file ? json(readFile('--params-file', file)) : {};
  if (
    typeof fromFile !== 'object' ||
    fromFile === null ||
    Array.isArray(fromFile)
  ) {
    throw new UsageError(`--params-file '${file}' is no JSON object`);
  }
  const fromFlags = Object.entries(pairs('--param', flags.param)).map(
    ([name, text]) => [name, json(text) ?? text],
  );
  return { ...fromFile, ...Object.fromEntries(fromFlags) };
}

/**
 * @param {string} text
 * @returns {unknown} undefined when it is no JSON
 */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} flag
 * @param {string} file
 */
function readFile(flag, file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    throw new UsageError(`${flag} '${file}' cannot be read (${code})`);
  }
}

/**
 * @param {string} flag
 * @param {string[]} [values]
 * @returns {Record<string, string>}
 */
function pairs(flag, values = []) {
  return Object.fromEntries(
    values.map(text => {
      const at = text.indexOf('=');
      if (at < 1) {
        throw new UsageError(`${flag} '${text}' is not of the form NAME=VALUE`);
      }
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/**
 * @param {string} what
 * @param {string | undefined} value
 */
function required(what, value) {
  if (!value) {
    throw new UsageError(`${what} is missing`);
  }
  return value;
}

/**
 * @param {string} flag
 * @param {string | undefined} text
 */
function readTime(flag, text) {
  if (text === undefined) {
    return undefined;
  }
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  if (!count) {
    throw new UsageError(`${flag} '${text}' is no time such as 90s, 30m or 2h`);
  }
  return Number(count) * UNITS_MS[/** @type {'s' | 'm' | 'h'} */ (unit)];
}

/**
 * @param {string} flag
 * @param {string | undefined} text
 * @param {number} otherwise
 * @returns {number} milliseconds
 */
function readSeconds(flag, text, otherwise) {
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw new UsageError(`${flag} '${text}' is no number of seconds`);
  }
  return Number(text ?? otherwise) * 1_000;
}

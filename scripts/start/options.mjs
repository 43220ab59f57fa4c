// @ts-check
import { Failure } from '../lib/failure.mjs';
import { readFlags } from '../lib/options.mjs';

const DEFAULT_PORT = 7007;
const HIGHEST_PORT = 65_535;

/** What `npm start -- --help` prints. */
export const START_USAGE = `npm start -- [flags]

  --port <number>  port of the portal (default ${DEFAULT_PORT})
  --no-demo        without demo users, demo catalog, demo pipelines and demo runs
  --reset          first delete the embedded database, artifacts and passwords (asks nothing)
  --open           open the portal in the browser when it is ready
  --dev            hot reload: app on port 3000, backend on the port above (= yarn dev)
  --verbose        print the whole log of the portal, not only warnings and errors
  --help           this text

DATABASE_URL       use that PostgreSQL (15 to 18) instead of the embedded one
MILLRACE_DATA_DIR  where the database, artifacts and logs live (default .millrace)
`;

/**
 * @typedef {object} StartOptions
 * @property {number} port
 * @property {boolean} demo
 * @property {boolean} reset
 * @property {boolean} open
 * @property {boolean} dev
 * @property {boolean} verbose
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {StartOptions}
 */
export function readStartOptions(args) {
  const flags = readFlags(args, {
    command: 'npm start',
    usage: START_USAGE,
    options: {
      port: { type: 'string' },
      'no-demo': { type: 'boolean' },
      reset: { type: 'boolean' },
      open: { type: 'boolean' },
      dev: { type: 'boolean' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  return {
    port: readPort(flags.port),
    demo: !flags['no-demo'],
    reset: Boolean(flags.reset),
    open: Boolean(flags.open),
    dev: Boolean(flags.dev),
    verbose: Boolean(flags.verbose),
    help: Boolean(flags.help),
  };
}

/** @param {string | undefined} text */
function readPort(text) {
  if (text === undefined) {
    return DEFAULT_PORT;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > HIGHEST_PORT) {
    throw new Failure(`'${text}' is not a port.`, {
      wayOut: `Give a number from 1 to ${HIGHEST_PORT}: npm start -- --port 8080`,
    });
  }
  return port;
}

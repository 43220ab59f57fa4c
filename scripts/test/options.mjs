// @ts-check
import { Failure } from '../lib/failure.mjs';
import { readFlags } from '../lib/options.mjs';

/** The stages in the order in which they run, after the install. */
export const STAGE_NAMES = /** @type {const} */ ([
  'static',
  'tests',
  'build',
  'browser',
  'faults',
]);

/** What `npm test -- --help` prints. */
export const TEST_USAGE = `npm test -- [flags]

  --only <a,b>   only these stages: ${STAGE_NAMES.join(', ')}
  --short        the short forms of the suites, as without it
  --full         the long forms of the suites too (= yarn test:full)
  --keep-going   run the later stages even when one has failed
  --help         this text
`;

/**
 * @typedef {object} TestOptions
 * @property {Array<(typeof STAGE_NAMES)[number]>} stages
 * @property {boolean} full
 * @property {boolean} keepGoing
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {TestOptions}
 */
export function readTestOptions(args) {
  const flags = readFlags(args, {
    command: 'npm test',
    usage: TEST_USAGE,
    options: {
      only: { type: 'string' },
      short: { type: 'boolean' },
      full: { type: 'boolean' },
      'keep-going': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (flags.short && flags.full) {
    throw new Failure('--short and --full exclude each other.', {
      wayOut: 'Give one of them; without either it is the short form.',
    });
  }
  return {
    stages: readStages(flags.only),
    full: Boolean(flags.full),
    keepGoing: Boolean(flags['keep-going']),
    help: Boolean(flags.help),
  };
}

/** @param {string | undefined} only */
function readStages(only) {
  if (only === undefined) {
    return [...STAGE_NAMES];
  }
  const wanted = only.split(',').map(name => name.trim());
  const unknown = wanted.find(
    name => !(/** @type {readonly string[]} */ (STAGE_NAMES).includes(name)),
  );
  if (unknown !== undefined) {
    throw new Failure(`There is no stage '${unknown}'.`, {
      wayOut: `The stages are ${STAGE_NAMES.join(', ')}.`,
    });
  }
  return STAGE_NAMES.filter(name => wanted.includes(name));
}

// @ts-check
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';

/**
 * Reads the flags of a program and refuses what it does not know.
 *
 * @template {import('node:util').ParseArgsOptionsConfig} TOptions
 * @param {string[]} args
 * @param {{ options: TOptions, usage: string, command: string }} program -
 *   `command` is what the person typed, such as `npm start`
 */
export function readFlags(args, { options, usage, command }) {
  refuseFlagsThatNpmKept(Object.keys(options), command);
  try {
    return parseArgs({ args, options, strict: true, allowNegative: false })
      .values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${firstSentence(reason)}.`, {
      wayOut: `These exist:\n\n${usage}`,
      cause: error,
    });
  }
}

/**
 * Without `--` npm takes the flags for its own and the program never sees them,
 * so `npm start --reset` would silently not reset.
 *
 * @param {string[]} names
 * @param {string} command
 */
function refuseFlagsThatNpmKept(names, command) {
  const kept = names.find(name => {
    const key = name.startsWith('no-') ? name.slice('no-'.length) : name;
    return process.env[`npm_config_${key.replace(/-/g, '_')}`] !== undefined;
  });
  if (kept) {
    throw new Failure(`npm kept the flag --${kept} for itself.`, {
      wayOut: `Put -- before the flags: ${command} -- --${kept}`,
    });
  }
}

/** @param {string} text */
function firstSentence(text) {
  return text.split('. ')[0].replace(/\.$/, '');
}

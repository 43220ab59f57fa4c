// @ts-check

/**
 * A failure that a person can do something about: one sentence that says what
 * happened and one that says the way out. Printed without a stack trace.
 */
export class Failure extends Error {
  /**
   * @param {string} message - what happened, naming the thing
   * @param {{ wayOut?: string, details?: string, cause?: unknown }} [options] -
   *   `wayOut`: what to do now; `details`: output worth reading, printed indented
   */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.wayOut = options.wayOut;
    this.details = options.details;
  }
}

const MAX_LINE_CHARACTERS = 400; // Bundlers print whole generated files as one line.
const NETWORK_SIGNS =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_(?:TIMEOUT|CLOSED_BEFORE_CONNECTION)|network (?:timeout|request|connectivity)/i;
const DISK_SIGNS = /ENOSPC|No space left on device|EDQUOT|quota exceeded/i;

/**
 * Recognises the two causes that every program on this machine may meet.
 *
 * @param {string} output - what the failed program printed
 * @param {string} what - what was being done, as the end of a sentence
 * @returns {Failure | undefined} undefined when neither applies
 */
export function commonFailure(output, what) {
  if (DISK_SIGNS.test(output)) {
    return new Failure(`The disk is full: no space left while ${what}.`, {
      wayOut:
        'Free some space (a first start needs about 3 GB) and run the same command again.',
    });
  }
  if (NETWORK_SIGNS.test(output)) {
    return new Failure(
      `No network: the npm registry could not be reached while ${what}.`,
      {
        wayOut:
          'Connect, or name your mirror (npm_config_registry and YARN_NPM_REGISTRY_SERVER, or HTTPS_PROXY), and run the same command again; what was fetched stays cached.',
      },
    );
  }
  return undefined;
}

/** @param {string} line */
function clip(line) {
  return line.length > MAX_LINE_CHARACTERS
    ? `${line.slice(0, MAX_LINE_CHARACTERS)} …`
    : line;
}

/**
 * Prints a failure for a person: the sentences when it is a `Failure`, else the
 * stack, because then it is our mistake.
 *
 * @param {unknown} error
 * @param {(line: string) => void} [print]
 */
export function printFailure(error, print = line => console.error(line)) {
  if (!(error instanceof Failure)) {
    print(error instanceof Error ? `\n${error.stack}` : `\n${String(error)}`);
    return;
  }
  if (error.details) {
    const lines = error.details.trimEnd().split('\n');
    print(`\n${lines.map(line => `    ${clip(line)}`).join('\n')}`);
  }
  print(`\n${error.message}`);
  if (error.wayOut) {
    print(error.wayOut);
  }
}

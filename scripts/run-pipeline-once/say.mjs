// @ts-check
let isQuiet = false;

/** Says no more than the command itself. */
export function beQuiet() {
  isQuiet = true;
}

/**
 * Tells the person at the terminal, or the mail of cron, beside what the command prints.
 *
 * @param {string} text one line
 */
export function say(text) {
  if (!isQuiet) {
    process.stderr.write(`run-pipeline-once: ${text}\n`);
  }
}

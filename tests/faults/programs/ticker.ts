/**
 * Prints numbered lines until it is told to end, and records on disk what it has
 * printed, so that a lost or doubled line can be proven.
 *
 * Each process has a record of its own, `<run>.<attempt>.<pid>.record`: one line
 * `<event> <epoch ms>` for its start, every printed line and every SIGTERM. The file
 * `<run>.<attempt>.end` or `<run>.end` tells it to exit with the code in it.
 * With `--stubborn` it ignores SIGTERM, with `--tidy` it takes 300 ms to obey.
 */
import fs from 'node:fs';
import path from 'node:path';

const TICK_MS = 25;
const TIDY_MS = 300;
const TERMINATED = 143;

const { FAULTS_FOLDER, MILLRACE_RUN_ID, MILLRACE_ATTEMPT } = process.env;
const run = path.join(FAULTS_FOLDER!, MILLRACE_RUN_ID!);
const attempt = `${run}.${MILLRACE_ATTEMPT}`;
const record = fs.openSync(`${attempt}.${process.pid}.record`, 'ax');

function note(event: string): void {
  fs.writeSync(record, `${event} ${Date.now()}\n`);
  fs.fsyncSync(record);
}

note('start');
process.on('SIGTERM', () => {
  note('SIGTERM');
  if (process.argv.includes('--stubborn')) {
    return;
  }
  const delay = process.argv.includes('--tidy') ? TIDY_MS : 0;
  setTimeout(() => process.exit(TERMINATED), delay);
});

let lines = 0;
setInterval(() => {
  lines += 1;
  // Printed before it is recorded: what is recorded must be in the log.
  fs.writeSync(1, `line ${lines}\n`);
  note(`line-${lines}`);
  const order = [`${attempt}.end`, `${run}.end`].find(fs.existsSync);
  if (order) {
    process.exit(Number(fs.readFileSync(order, 'utf8')));
  }
}, TICK_MS);

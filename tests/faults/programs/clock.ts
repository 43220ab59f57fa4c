/** Prints the time (epoch ms) every 200 ms until the file `<run>.end` tells it to exit. */
import fs from 'node:fs';
import path from 'node:path';

const TICK_MS = 200;
const { FAULTS_FOLDER, MILLRACE_RUN_ID } = process.env;
const end = path.join(FAULTS_FOLDER!, `${MILLRACE_RUN_ID}.end`);

setInterval(() => {
  fs.writeSync(1, `${Date.now()}\n`);
  if (fs.existsSync(end)) {
    process.exit(0);
  }
}, TICK_MS);

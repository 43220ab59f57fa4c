/** Makes a file of a mebibyte when the file `<run>.end` tells it to, and hands it in as an artifact. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BYTES = 1024 ** 2;
const POLL_MS = 25;
const { FAULTS_FOLDER, MILLRACE_RUN_ID } = process.env;
while (!fs.existsSync(path.join(FAULTS_FOLDER!, `${MILLRACE_RUN_ID}.end`))) {
  await sleep(POLL_MS);
}
const name = 'large.bin';
const folder = process.env.MILLRACE_ARTIFACTS_DIR!;
fs.writeFileSync(path.join(folder, name), Buffer.alloc(BYTES, 'x'));
const artifact = { type: 'artifact', path: name, name };
fs.writeSync(1, `::millrace::${JSON.stringify(artifact)}\n`);

/**
 * Prints lines of all lengths, some of them no text at all, until the file `end` is in its folder,
 * and keeps in `printed` what it has printed. Now and then it says how far it is. It ends with the
 * exit code in `end`.
 */
import fs from 'node:fs';
import path from 'node:path';

const TICK_MS = 20;
const LONG_EVERY = 50;
const LONG_BYTES = 100_000;
const SAY_EVERY = 25;

const folder = process.argv[2];
const printed = fs.openSync(path.join(folder, 'printed'), 'a');
const end = path.join(folder, 'end');

function print(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    at += fs.writeSync(1, bytes, at);
  }
  fs.writeSync(printed, bytes);
}

let count = 0;
setInterval(() => {
  count += 1;
  print(Buffer.from(`line ${count} ü \ud83d\ude80\n`));
  if (count % LONG_EVERY === 0) {
    print(Buffer.from(`${'x'.repeat(LONG_BYTES)}\n`));
    print(Buffer.from([0, 255, 254, 13, 10]));
  }
  if (count % SAY_EVERY === 0) {
    const name = `part ${count / SAY_EVERY}`;
    fs.writeSync(
      1,
      `::millrace::${JSON.stringify({
        type: 'step',
        name,
        status: 'succeeded',
      })}\n`,
    );
  }
  if (fs.existsSync(end)) {
    print(Buffer.from('the last line has no end'));
    process.exit(Number(fs.readFileSync(end, 'utf8')));
  }
}, TICK_MS);

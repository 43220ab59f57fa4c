/** Prints as many bytes as the parameter `bytes` says, in numbered lines, as fast as it can. */
import fs from 'node:fs';
import { floodLines } from './floodLines.ts';

const { bytes } = JSON.parse(
  fs.readFileSync(process.env.MILLRACE_PARAMS_FILE!, 'utf8'),
);
for (const block of floodLines(bytes)) {
  for (let at = 0; at < block.length; ) {
    at += fs.writeSync(1, block, at);
  }
}

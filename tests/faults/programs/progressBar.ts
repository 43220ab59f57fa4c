/** Redraws one line as often as the parameter `updates` says, and ends it with a line feed. */
import fs from 'node:fs';
import { progressUpdates } from './progressUpdates.ts';

const { updates } = JSON.parse(
  fs.readFileSync(process.env.MILLRACE_PARAMS_FILE!, 'utf8'),
);
for (const block of progressUpdates(updates)) {
  for (let at = 0; at < block.length; ) {
    at += fs.writeSync(1, block, at);
  }
}

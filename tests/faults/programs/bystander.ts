/**
 * A process that is nobody's run: it notes every signal that it gets in the file of
 * its first argument.
 */
import fs from 'node:fs';

const file = process.argv[2];
const NOTED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGCONT', 'SIGUSR2'] as const;
for (const signal of NOTED) {
  process.on(signal, () => fs.appendFileSync(file, `${signal}\n`));
}
fs.writeFileSync(file, '');
setInterval(() => {}, 1_000);

import { errorSentence } from './src/errors.ts';

// Imported late because the ffmpeg package throws while it loads when it has no binary for this platform
import('./src/runFromCommandLine.ts')
  .then(({ runFromCommandLine }) => runFromCommandLine(process.argv.slice(2)))
  .then(exitCode => {
    process.exitCode = exitCode;
  })
  .catch(error => {
    process.stderr.write(`error: ${errorSentence(error)}\n`);
    process.exitCode = 1;
  });

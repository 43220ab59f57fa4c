import { writeClipPage } from './src/writeClipPage.ts';
import { errorSentence, exitCodeOf } from './src/errors.ts';

writeClipPage(process.env).catch(error => {
  process.stderr.write(`error: ${errorSentence(error)}\n`);
  process.exitCode = exitCodeOf(error);
});

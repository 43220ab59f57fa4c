// @ts-check
import path from 'node:path';

/**
 * A reporter of node:test that writes one JSON line per test case, for
 * `readNodeReport`.
 *
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} source
 */
export default async function* countReporter(source) {
  for await (const { type, data } of source) {
    const isCase =
      (type === 'test:pass' || type === 'test:fail') &&
      data.details.type !== 'suite';
    if (isCase) {
      const outcome = type === 'test:pass' ? 'passed' : 'failed';
      const isSkipped = data.skip !== undefined || data.todo !== undefined;
      yield `${JSON.stringify({
        name: data.name,
        file: data.file && path.relative(process.cwd(), data.file),
        outcome: isSkipped ? 'skipped' : outcome,
      })}\n`;
    }
  }
}

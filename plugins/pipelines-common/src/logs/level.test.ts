import { levelOfLine } from './level';

it.each([
  ['2026-11-21T10:00:00.123Z ERROR [db] connection refused', 'error'],
  ['2026-11-21 10:00:00 WARN  retrying', 'warn'],
  ['10:00:00 INFO ready', 'info'],
  ['DEBUG: cache miss', 'debug'],
  ['[error] upstream closed', 'error'],
  ['  <warning> disk is nearly full', 'warn'],
  ['error: cannot find module', 'error'],
  ['src/main.c:12:3: warning: unused variable', 'warn'],
  ['npm ERR! missing script', 'error'],
  ['npm warn deprecated left-pad', undefined],
  ['{"level":"error","msg":"INFO is not it"}', 'error'],
  ['{"time":1,"level":40,"msg":"slow"}', 'warn'],
  ['{"severity": "NOTICE", "message": "hi"}', 'info'],
  ['ts=1 level=debug msg="x"', 'debug'],
  ['\u001b[31mERROR\u001b[0m red', 'error'],
  ['\u001b[1;33mwarning:\u001b[0m yellow', 'warn'],
  ['\u001b[33mwarn\u001b[0m  due date is not a date', 'warn'],
  ['10:00 \u001b[90m[debug]\u001b[0m x', 'debug'],
  ['info  loaded', 'info'],
  ['error reading a.csv', 'error'],
  ['Notice how it is', undefined],
  ['TypeError: x is not a function', 'error'],
  ['java.lang.IllegalStateException: closed', 'error'],
  ['Caused by: java.io.IOException: gone', 'error'],
  ['Traceback (most recent call last):', 'error'],
  ['panic: runtime error: index out of range', 'error'],
  ['Processed 12 rows with 0 errors', undefined],
  ['the error rate is low', undefined],
  ['an information desk', undefined],
  ['ERROR_COUNT=0', undefined],
  ['{"level":"constructor","msg":"x"}', undefined],
  ['', undefined],
] as const)('%s', (line, level) => {
  expect(levelOfLine(line)).toBe(level);
});

it('looks only at the start of a line', () => {
  expect(levelOfLine(`${'x'.repeat(200)} ERROR`)).toBeUndefined();
  expect(levelOfLine(`${'x '.repeat(90)}ERROR`)).toBe('error');
});

it('takes linear time whatever the line is', () => {
  const hostile = ['a.', ' ', '"level":', '[', 'Error', '\u001b[1', 'A'];
  for (const part of hostile) {
    expect(levelOfLine(part.repeat(100_000))).not.toBe('warn');
  }
});

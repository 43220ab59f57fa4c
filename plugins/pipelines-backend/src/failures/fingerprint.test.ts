import { fingerprintOf, templateOf } from './fingerprint';

describe('the template of a message', () => {
  it.each([
    ['Exited with code 1', 'Exited with code 1'],
    ['exit status: 137', 'exit status: 137'],
    ['HTTP 503 from upstream', 'HTTP 503 from upstream'],
    ['Read 12 of 4096 rows', 'Read <number> of <number> rows'],
    ['took 1.5 s, limit 90 ms', 'took <duration>, limit <duration>'],
    ['Timed out after 1 h 30 m', 'Timed out after <duration>'],
    ['Needs 3.2 GiB, has 512 MB', 'Needs <size>, has <size>'],
    ['Run 0193a0b1-7a2e-7c11-8f00-0a1b2c3d4e5f is gone', 'Run <uuid> is gone'],
    ['at 2026-11-21T21:04:42.123Z it stopped', 'at <time> it stopped'],
    ['2026-11-21 21:04:42,123 ERROR failed', '<time> ERROR failed'],
    ['since 21:04:42', 'since <time>'],
    ["No such file 'a b.csv'", 'No such file <value>'],
    ['column "due_date" of `orders`', 'column <value> of <value>'],
    ["can't open it, don't ask", "can't open it, don't ask"],
    [
      'open /data/in/2026-11-20/part-00017.csv: no such file',
      'open /data/in/<name>/<name>.csv: no such file',
    ],
    ['cannot write /tmp/aXkQwe/out', 'cannot write /tmp/<name>'],
    ['C:\\jobs\\17\\run.ps1 failed', 'C:\\jobs\\<name>\\run.ps1 failed'],
    [
      'GET https://bob:hunter2@api.example.com/v1/users/42?token=abc#x failed',
      'GET https://api.example.com/<name>/users/<name>?<query> failed',
    ],
    ['connect ECONNREFUSED 10.1.2.3:5432', 'connect ECONNREFUSED <ip>'],
    ['mail to jane.doe@example.com bounced', 'mail to <email> bounced'],
    ['object at 0x7f8a2b3c, commit 9fceb02d', 'object at <hex>, commit <hex>'],
    [
      'worker-12 died, slot_3 is free',
      'worker-<number> died, slot_<number> is free',
    ],
    ['utf8 and sha256 and s3 stay', 'utf8 and sha256 and s3 stay'],
    ['Processed 97.5%', 'Processed <number>'],
    ['ids 1, 2, 3, 4 are wrong', 'ids <number> are wrong'],
    ['\u001b[31mError:\u001b[0m  bad\n\n input', 'Error: bad input'],
    ['', ''],
  ])('%s', (message, template) => {
    expect(templateOf(message)).toBe(template);
  });

  it('has no lines of a stack trace, which move with every release', () => {
    expect(
      templateOf(
        "TypeError: Cannot read properties of undefined (reading 'id')\n    at load (/app/src/load.js:10:5)\n    at async main (/app/src/main.js:3:1)",
      ),
    ).toBe('TypeError: Cannot read properties of undefined (reading <value>)');
    expect(
      templateOf(
        'Traceback (most recent call last):\n  File "/app/x.py", line 3, in <module>\nValueError: bad',
      ),
    ).toBe('Traceback (most recent call last): ValueError: bad');
  });

  it('is of bounded length, and made in linear time', () => {
    const hostile = [
      '"'.repeat(100_000),
      'a@'.repeat(100_000),
      '/a'.repeat(100_000),
      '1.'.repeat(100_000),
      '0f'.repeat(100_000),
      `${'a.'.repeat(50_000)}@`,
      ' '.repeat(100_000),
    ];
    for (const message of hostile) {
      expect(templateOf(message).length).toBeLessThanOrEqual(500);
    }
  });

  it('does not change when it is made again', () => {
    const template = templateOf('Row 7 of "x" at /data/17/in.csv took 3 s');
    expect(templateOf(template)).toBe(template);
  });
});

describe('a fingerprint', () => {
  const error = { kind: 'exit', message: 'Row 7 is bad', step: 'load' };

  it('is the same for errors that differ in what is put into them', () => {
    const { fingerprint } = fingerprintOf(error);
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf({ ...error, message: 'Row 81 is bad' })).toEqual({
      fingerprint,
      kind: 'exit',
      step: 'load',
      template: 'Row <number> is bad',
    });
  });

  it.each([
    ['kind', { kind: 'timeout' }],
    ['step', { step: 'fetch' }],
    ['lack of a step', { step: undefined }],
    ['message', { message: 'Row 7 is missing' }],
  ])('is another one for another %s', (_, change) => {
    expect(fingerprintOf({ ...error, ...change }).fingerprint).not.toBe(
      fingerprintOf(error).fingerprint,
    );
  });

  it('is the same for steps that are numbered', () => {
    expect(fingerprintOf({ ...error, step: 'part 3' })).toEqual(
      fingerprintOf({ ...error, step: 'part 12' }),
    );
  });
});

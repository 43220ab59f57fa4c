import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputFilter } from './OutputFilter.mjs';

const MARK = '::millrace::';

/** What comes out of a filter that gets the text in parts of these lengths, again and again. */
function filter(
  text: string | Buffer,
  options: { lengths?: number[]; secrets?: string[]; protocol?: boolean } = {},
) {
  const { lengths = [text.length], secrets = [], protocol = true } = options;
  const parts: Buffer[] = [];
  const messages: Record<string, unknown>[] = [];
  const output = new OutputFilter({
    emit: bytes => parts.push(Buffer.from(bytes)),
    onMessage: protocol ? message => messages.push(message) : undefined,
    secrets,
  });
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length];
    output.push(bytes.subarray(at, at + length));
    at += length;
  }
  output.end();
  return { log: Buffer.concat(parts).toString('latin1'), messages, parts };
}

const LENGTHS = [[1], [2, 3], [7], [1, 100], [64]];

describe('what a command prints', () => {
  it('is kept byte by byte', () => {
    const bytes = Buffer.from(
      Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 256),
    );
    for (const lengths of LENGTHS) {
      const { log } = filter(bytes, { lengths });
      assert.equal(log, bytes.toString('latin1'));
    }
  });

  it('is kept without protocol lines, wherever it is cut', () => {
    const step = { type: 'step', name: 'a', status: 'running' };
    const text = `one\n${MARK}${JSON.stringify(
      step,
    )}\ntwo\r\n${MARK}{"type":"x"}\r\n::mill\nlast`;
    for (const lengths of LENGTHS) {
      const { log, messages } = filter(text, { lengths });
      assert.equal(log, 'one\ntwo\r\n::mill\nlast');
      assert.deepEqual(messages, [step, { type: 'x' }]);
    }
  });

  it('keeps protocol lines that are malformed, in the middle of a line, or on stderr', () => {
    for (const text of [
      `${MARK}{"type":\n`,
      `${MARK}[]\n`,
      `${MARK}"a"\n`,
      `x${MARK}{"type":"x"}\n`,
      `${MARK}{"type":"x"}`,
    ]) {
      for (const lengths of LENGTHS) {
        assert.deepEqual(
          { ...filter(text, { lengths }), parts: [] },
          { log: text, messages: [], parts: [] },
        );
      }
    }
    const { log } = filter(`${MARK}{}\n`, { protocol: false });
    assert.equal(log, `${MARK}{}\n`);
  });

  it('is given on at once, even where a line has no end', () => {
    const { parts } = filter('Password? ', { lengths: [10] });
    assert.equal(parts.length, 1);
  });

  it('does not hold a line for ever that only begins like a protocol line', () => {
    const text = `${MARK}${'x'.repeat(3_000_000)}`;
    const { log, parts } = filter(text, { lengths: [65_536] });
    assert.equal(log, text);
    assert.ok(parts.length > 1);
  });

  it('is kept without secrets, wherever it is cut', () => {
    const secrets = ['hunter2-hunter2', 'first line\nsecond line', 'abc'];
    const text =
      'a hunter2-hunter2 b\nhunter2-hunter2hunter2-hunter2\nfirst line\nsecond line\nabc hunter2-hunter';
    for (const lengths of LENGTHS) {
      assert.equal(
        filter(text, { lengths, secrets }).log,
        'a [redacted] b\n[redacted][redacted]\n[redacted]\n[redacted]\nabc hunter2-hunter',
      );
    }
  });

  it('is kept without secrets in lines of any length, and in messages', () => {
    const secret = 'hunter2-hunter2';
    const long = 'x'.repeat(65_536 - 8);
    const { log } = filter(`${long}${secret}${long}`, {
      lengths: [65_536],
      secrets: [secret],
    });
    assert.equal(log, `${long}[redacted]${long}`);
    const { messages } = filter(
      `${MARK}{"type":"summary","text":"It is ${secret}"}\n`,
      { secrets: [secret] },
    );
    assert.deepEqual(messages, [{ type: 'summary', text: 'It is [redacted]' }]);
  });
});

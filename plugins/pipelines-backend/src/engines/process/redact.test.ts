import fc from 'fast-check';
import { Redactor } from '../../../shim/redact';

const MARKER = '[redacted]';

function redact(secrets: string[], chunks: Buffer[]): Buffer {
  const redactor = new Redactor(Redactor.prepare(secrets));
  const parts: Buffer[] = [];
  const keep = (bytes: Buffer) => parts.push(Buffer.from(bytes));
  chunks.forEach(chunk => redactor.push(chunk, keep));
  redactor.end(keep);
  return Buffer.concat(parts);
}

/** What a redactor should do, said simply: mark every byte of every occurrence. */
function expected(secrets: string[], text: string): string {
  const hidden = Array.from(text, () => false);
  for (const secret of secrets) {
    for (
      let at = text.indexOf(secret);
      at >= 0;
      at = text.indexOf(secret, at + 1)
    ) {
      hidden.fill(true, at, at + secret.length);
    }
  }
  let result = '';
  hidden.forEach((isHidden, index) => {
    if (!isHidden) {
      result += text[index];
    } else if (!hidden[index - 1]) {
      result += MARKER;
    }
  });
  return result;
}

describe('Redactor', () => {
  it('passes everything through when there is nothing to hide', () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    expect(redact([], [bytes])).toEqual(bytes);
    expect(redact(['short'], [Buffer.from('short')]).toString()).toBe('short');
  });

  it('hides any secrets in any text cut anywhere, overlaps included', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b'),
      minLength: 6,
      maxLength: 9,
    });
    const text = fc
      .array(
        fc.oneof(word, fc.constantFrom('a', 'b', 'aaaaaaab', 'bababa', '-')),
        { maxLength: 20 },
      )
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        text,
        fc.array(fc.nat({ max: 60 }), { maxLength: 8 }),
        (secrets, input, cuts) => {
          const bytes = Buffer.from(input);
          const ends = [...cuts, bytes.length].sort((a, b) => a - b);
          const chunks = ends.map((end, index) =>
            bytes.subarray(ends[index - 1] ?? 0, end),
          );
          expect(redact(secrets, chunks).toString()).toBe(
            expected(secrets, input),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('holds back nothing but the beginning of a secret', () => {
    const redactor = new Redactor(Redactor.prepare(['secret-value']));
    let seen = '';
    redactor.push(Buffer.from('the sec'), bytes => {
      seen += bytes.toString();
    });
    expect(seen).toBe('the ');
    redactor.push(Buffer.from('ond\n'), bytes => {
      seen += bytes.toString();
    });
    expect(seen).toBe('the second\n');
  });

  it('hides the lines of a key and the password of a connection URL', () => {
    const key = '-----BEGIN KEY-----\nMIIEabcdef\nghijklmnop\n';
    const text = 'at MIIEabcdef; password p@ss-word; p%40ss-word\n';
    const secrets = [key, 'postgres://me:p%40ss-word@db/x'];
    expect(redact(secrets, [Buffer.from(text)]).toString()).toBe(
      `at ${MARKER}; password ${MARKER}; ${MARKER}\n`,
    );
  });

  const secret = `s3cret "w&<o>r'd" $h/x\\ü\u{1F600}`;
  it.each(
    Object.entries({
      plain: secret,
      'base64 in front': Buffer.from(`${secret}1`).toString('base64'),
      'base64 after one byte': Buffer.from(`1${secret}`).toString('base64'),
      'base64 after two bytes': Buffer.from(`12${secret}`).toString('base64'),
      base64url: Buffer.from(secret).toString('base64url'),
      hex: Buffer.from(secret).toString('hex'),
      URI: encodeURIComponent(secret),
      'a form': new URLSearchParams({ x: secret }).toString().slice(2),
      JSON: JSON.stringify(secret).slice(1, -1),
      'ASCII JSON': JSON.stringify(secret)
        .slice(1, -1)
        .replace(
          /[^\0-\x7f]/g,
          char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      XML: secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&apos;'),
      'a shell word': secret.replaceAll("'", `'\\''`),
    }),
  )('hides a secret that is written as %s', (_, written) => {
    const output = redact([secret], [Buffer.from(`<${written}>`)]).toString();
    // Digits at the border of base64 have bits of the neighbours, too.
    expect(output).toMatch(/^<.{0,3}\[redacted\].{0,5}>$/);
  });
});

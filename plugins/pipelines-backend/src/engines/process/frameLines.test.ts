import fc from 'fast-check';
import { LineFramer, MAX_LINE_BYTES } from '../../../shim/frameLines';

function frame() {
  const lines: Buffer[] = [];
  const framer = new LineFramer(line => lines.push(Buffer.from(line)));
  return { framer, lines, texts: () => lines.map(line => line.toString()) };
}

describe('LineFramer', () => {
  it('cuts any bytes in any chunks at line feeds and loses none', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uint8Array({ maxLength: 40 }).map(bytes => {
            // More line feeds than chance would bring.
            return Buffer.from(bytes.map(byte => (byte % 5 ? byte : 10)));
          }),
        ),
        chunks => {
          const { framer, lines } = frame();
          chunks.forEach(chunk => framer.push(chunk));
          framer.end();
          const all = Buffer.concat(chunks);
          expect(Buffer.concat(lines)).toEqual(all);
          lines.forEach((line, index) => {
            const feed = line.indexOf(10);
            expect(feed).toBe(
              index < lines.length - 1 || all.at(-1) === 10
                ? line.length - 1
                : -1,
            );
          });
        },
      ),
    );
  });

  it('cuts a line that is too long between two characters', () => {
    const { framer, lines } = frame();
    framer.push(Buffer.from(`x${'ü'.repeat(MAX_LINE_BYTES)}\n`));
    expect(lines.map(line => line.length)).toEqual([
      MAX_LINE_BYTES - 1,
      MAX_LINE_BYTES,
      3,
    ]);
    expect(lines.every(line => !line.toString().includes('\uFFFD'))).toBe(true);
  });

  it('cuts a line that redraws itself after its last carriage return', () => {
    const { framer, texts } = frame();
    framer.push(Buffer.from(`${'\rbar 12345'.repeat(7_000)}`));
    framer.end();
    expect(texts()[0].endsWith('\r')).toBe(true);
    expect(texts().join('')).toBe('\rbar 12345'.repeat(7_000));
  });

  it('gives out a redrawn line after a while, and a question when it is quiet', () => {
    const { framer, texts } = frame();
    framer.push(Buffer.from('10%\r20%\r30'));
    framer.flushTail();
    expect(texts()).toEqual(['10%\r20%\r']);
    framer.flushTail();
    expect(texts()).toEqual(['10%\r20%\r', '30']);

    framer.push(Buffer.from('\nName? \xc3', 'latin1'));
    framer.flushTail();
    expect(texts().slice(2)).toEqual(['\n']);
    framer.flushTail();
    expect(texts().slice(2)).toEqual(['\n', 'Name? ']);
    framer.push(Buffer.from([0xbc, 10]));
    expect(texts().at(-1)).toBe('ü\n');
  });

  it('never gives out a part of a protocol line because it is slow', () => {
    const { framer, texts } = frame();
    framer.push(Buffer.from('::mill'));
    framer.flushTail();
    framer.flushTail();
    framer.push(Buffer.from('race::{"type":'));
    framer.flushTail();
    framer.flushTail();
    expect(texts()).toEqual([]);
    framer.push(Buffer.from('"x"}\n'));
    expect(texts()).toEqual(['::millrace::{"type":"x"}\n']);
  });
});

import fc from 'fast-check';
import { ChunkFramer, MAX_CHUNK_BYTES, MAX_CHUNK_LINES } from './ChunkFramer';
import { decodeChunk } from './decodeChunk';
import { rawLine } from '../__testUtils__/TestRun';
import type { ChunkDraft, LogChunk } from './types';

function frame(lines: ReturnType<typeof rawLine>[], carried = 0) {
  const framer = new ChunkFramer(carried);
  lines.forEach(line => framer.add(line));
  return framer.finish();
}

function stored(drafts: readonly ChunkDraft[]): LogChunk[] {
  let firstLine = 0;
  let byteStart = 0;
  return drafts.map((draft, chunkNo) => {
    const chunk = {
      ...draft,
      chunkNo,
      firstLine,
      byteStart,
      storedAt: new Date(0),
    };
    firstLine += draft.lineCount;
    byteStart += draft.data.length;
    return chunk;
  });
}

function shown(lines: ReturnType<typeof rawLine>[]) {
  return stored(frame(lines))
    .flatMap(chunk => decodeChunk(chunk))
    .map(({ number, at, ...line }) => line);
}

describe('ChunkFramer', () => {
  it('keeps every byte and the stream and border of every line, whatever the lines are', () => {
    const line = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      text: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      end: fc.constantFrom('', '\n', '\r', '\r\n'),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), records => {
        const lines = records.map(({ stream, text, end }) =>
          rawLine(
            Buffer.concat([
              Buffer.from(text.filter(byte => byte !== 0x0a)),
              Buffer.from(end),
            ]),
            stream,
          ),
        );
        const whole = lines.filter(({ bytes }) => bytes.length > 0);
        const chunks = stored(frame(lines));
        expect(Buffer.concat(chunks.map(({ data }) => data))).toEqual(
          Buffer.concat(whole.map(({ bytes }) => bytes)),
        );
        const read = chunks.flatMap(chunk => decodeChunk(chunk));
        expect(read.map(({ stream }) => stream)).toEqual(
          whole.map(({ stream }) => stream),
        );
        expect(read.map(({ number }) => number)).toEqual([...whole.keys()]);
      }),
    );
  });

  it('begins a chunk when the last one has 64 KiB or 1,024 lines', () => {
    const large = frame([
      rawLine('a'.repeat(40_000)),
      rawLine('b'.repeat(40_000)),
    ]);
    const many = frame(Array.from({ length: 3_000 }, () => rawLine('\n')));

    expect(large.map(({ data }) => data.length)).toEqual([40_000, 40_000]);
    expect(many.map(({ lineCount }) => lineCount)).toEqual([
      MAX_CHUNK_LINES,
      MAX_CHUNK_LINES,
      3_000 - 2 * MAX_CHUNK_LINES,
    ]);
  });

  it('cuts a line that is too long between two characters, and carries it on', () => {
    const text = `${'a'.repeat(MAX_CHUNK_BYTES - 1)}é!\n`;

    const lines = shown([rawLine(text)]);

    expect(lines).toEqual([
      { stream: 'stdout', text: 'a'.repeat(MAX_CHUNK_BYTES - 1) },
      { stream: 'stdout', text: 'é!', continues: true },
    ]);
  });

  it('takes a line with several line feeds apart', () => {
    expect(shown([rawLine('one\ntwo\n\nfour')])).toEqual([
      { stream: 'stdout', text: 'one' },
      { stream: 'stdout', text: 'two' },
      { stream: 'stdout', text: '' },
      { stream: 'stdout', text: 'four' },
    ]);
  });
});

describe('decodeChunk', () => {
  it('shows of a line with carriage returns what a terminal would show last', () => {
    expect(
      ['a\rb\n', 'a\rb\r', 'a\r\n', 'a\r\r\n', '\r\n', '\r', 'ab\rc\r\n'].map(
        text => shown([rawLine(text)])[0].text,
      ),
    ).toEqual(['b', 'b', 'a', 'a', '', '', 'c']);
  });

  it('says what carries on and what is written over, for each stream by itself', () => {
    expect(
      shown([
        rawLine('10 %\r'),
        rawLine('warning\n', 'stderr'),
        rawLine('20 %\r'),
        rawLine('\n'),
        rawLine('Load'),
        rawLine('ing 1'),
        rawLine(' %\rLoading 2 %'),
        rawLine('\r\n'),
        rawLine('done\n'),
      ]),
    ).toEqual([
      { stream: 'stdout', text: '10 %' },
      { stream: 'stderr', text: 'warning' },
      { stream: 'stdout', text: '20 %', replaces: true },
      { stream: 'stdout', text: '', continues: true },
      { stream: 'stdout', text: 'Load' },
      { stream: 'stdout', text: 'ing 1', continues: true },
      { stream: 'stdout', text: 'Loading 2 %', replaces: true },
      { stream: 'stdout', text: '', continues: true },
      { stream: 'stdout', text: 'done' },
    ]);
  });

  it('knows at the beginning of a chunk how the one before has ended', () => {
    const first = new ChunkFramer(0);
    first.add(rawLine('50 %\r', 'stderr'));
    first.add(rawLine('half'));
    const second = new ChunkFramer(first.carried);
    second.add(rawLine('60 %\r', 'stderr'));
    second.add(rawLine(' done\n'));

    const [chunk] = stored(second.finish());

    expect(decodeChunk(chunk)).toMatchObject([
      { text: '60 %', replaces: true },
      { text: ' done', continues: true },
    ]);
  });

  it('keeps hostile text as text, and replaces only what is no UTF-8', () => {
    const text = '\u0000\ufeff\u2028\u202e\u001b[31m\u001b]52;c;AAAA\u0007<b>&';
    const hostile = Buffer.concat([
      Buffer.from(text),
      Buffer.from([0xff, 0xed, 0xa0, 0x80, 0xc3]),
      Buffer.from('\n'),
    ]);

    expect(shown([rawLine(hostile)])).toEqual([
      { stream: 'stdout', text: `${text}\ufffd\ufffd\ufffd\ufffd\ufffd` },
    ]);
  });
});

import { LastWords } from './LastWords';

const line = (text: string, stream: 'stdout' | 'stderr' = 'stderr') => ({
  stream,
  bytes: Buffer.from(text),
});

function lastWordsOf(...batches: ReturnType<typeof line>[][]) {
  const words = new LastWords();
  batches.forEach(batch => words.hear(batch));
  return words.text;
}

describe('LastWords', () => {
  it('is the last line of stderr that says something', () => {
    expect(
      lastWordsOf(
        [line('first\n'), line('disk is full\n'), line('done\n', 'stdout')],
        [line('\n'), line('   \n'), line('bye\n', 'stdout')],
      ),
    ).toBe('disk is full');
  });

  it('is absent when stderr said nothing', () => {
    expect(lastWordsOf([line('done\n', 'stdout'), line('\n')])).toBeUndefined();
  });

  it('has no colours and no control characters, and is on one line', () => {
    expect(
      lastWordsOf([
        line('\u001b[31mbad\u001b[0m\u0000 thing\r\u0007 happened\n'),
      ]),
    ).toBe('bad  thing  happened');
  });

  it('is bounded, and survives bytes that are no text', () => {
    expect(lastWordsOf([line('x'.repeat(60_000))])).toHaveLength(500);
    const words = new LastWords();
    words.hear([{ stream: 'stderr', bytes: Buffer.from([0xff, 0xfe, 0x41]) }]);
    expect(words.text).toBe('\ufffd\ufffdA');
  });
});

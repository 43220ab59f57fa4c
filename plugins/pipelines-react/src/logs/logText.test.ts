import { parseLogText, safeUrl } from './logText';

const ESC = '\u001b';
const SCRIPT_URL = ['javascript', 'alert(1)'].join(':');
const textOf = (line: string) =>
  parseLogText(line)
    .map(span => span.text)
    .join('');

it('gives colours and weights to what follows, until a reset', () => {
  const spans = parseLogText(
    `a${ESC}[1;31mb${ESC}[0mc${ESC}[38;5;208md${ESC}[me`,
  );
  expect(
    spans.map(({ text, style }) => [text, style.color, style.bold]),
  ).toEqual([
    ['a', undefined, undefined],
    ['b', 'red', true],
    ['c', undefined, undefined],
    ['d', 'yellow', undefined],
    ['e', undefined, undefined],
  ]);
});

it('does not take a zero inside a colour for a reset', () => {
  const [span] = parseLogText(`${ESC}[1;38;2;0;200;0mx`);
  expect(span.style).toMatchObject({ bold: true, color: 'green' });
});

it('shows text that asks to be hidden', () => {
  const [span] = parseLogText(`${ESC}[8msecret`);
  expect(span).toMatchObject({ text: 'secret', style: { dim: true } });
});

it('shows characters without a shape, and those that turn the order round, by name', () => {
  const spans = parseLogText('a\u0000b\u202Ec\u2028d\u0085e\u{e0041}f');
  expect(spans.flatMap(span => span.control ?? [])).toEqual([
    'U+0000',
    'U+202E',
    'U+2028',
    'U+0085',
    'U+E0041',
  ]);
  expect(spans.map(span => span.text).join('')).toBe(
    'aNULbU+202EcU+2028dU+0085eU+E0041f',
  );
});

it('leaves out sequences that move a cursor and shows all others', () => {
  expect(textOf(`${ESC}[2K${ESC}[1Gdone`)).toBe('done');
  expect(textOf(`${ESC}]0;title\u0007x`)).toBe('ESC]0;titleBELx');
  expect(textOf(`${ESC}P1$r${ESC}\\`)).toBe('ESCP1$rESC\\');
});

it('makes links of http and https only', () => {
  const link = (uri: string) =>
    parseLogText(`${ESC}]8;;${uri}${ESC}\\text${ESC}]8;;${ESC}\\ after`);
  expect(link('https://ok.example/')[0].href).toBe('https://ok.example/');
  expect(link('https://ok.example/')[1].href).toBeUndefined();
  expect(link(SCRIPT_URL)[0]).toMatchObject({ text: 'text' });
  expect(link(SCRIPT_URL)[0].href).toBeUndefined();
  expect(safeUrl('data:text/html,x')).toBeUndefined();
  expect(safeUrl(' java\nscript:alert(1)')).toBeUndefined();
});

it('finds addresses in text without the full stop after them', () => {
  const spans = parseLogText('(see https://a.example/x?y=(1).)');
  expect(spans.map(span => [span.text, span.href])).toEqual([
    ['(see ', undefined],
    ['https://a.example/x?y=(1)', 'https://a.example/x?y=(1)'],
    ['.)', undefined],
  ]);
});

it('keeps every character of text that nobody understands', () => {
  const hostile = '<img src=x onerror=alert(1)> &amp; \ufffd ${x} \t end';
  expect(textOf(hostile)).toBe(hostile);
});

it('takes a long line of escapes without a limit being met', () => {
  const line = `${ESC}[31mx`.repeat(10_000);
  expect(textOf(line)).toHaveLength(10_000);
});

import { highlight } from './highlight';

const marked = (text: string, ...wanted: string[]) =>
  highlight(text, wanted)
    .map(piece => (piece.marked ? `<${piece.text}>` : piece.text))
    .join('');

it.each([
  ['nothing wanted', [], 'nothing wanted'],
  ['Disk full, disk gone', ['disk'], '<Disk> full, <disk> gone'],
  ['a.b a+b', ['a.b'], '<a.b> a+b'],
  ['both of them', ['both', 'them'], '<both> of <them>'],
  ['(x) [y] {z} -/', ['(x)', '[y]', '{z}', '-/'], '<(x)> <[y]> <{z}> <-/>'],
  ['', ['x'], ''],
])('%s', (text, wanted, shown) => {
  expect(marked(text, ...wanted)).toBe(shown);
});

it('marks only so much of a line that is nothing else', () => {
  expect(highlight('aa'.repeat(10_000), ['a']).length).toBeLessThan(500);
});

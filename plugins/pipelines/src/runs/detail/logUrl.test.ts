import { formatLines, parametersOf, parseLines, readFilter } from './logUrl';

it.each([
  ['120', { first: 120, last: 120 }, '120'],
  ['120-140', { first: 120, last: 140 }, '120-140'],
  ['140-120', { first: 120, last: 140 }, '120-140'],
])('reads the lines %s', (text, lines, written) => {
  expect(parseLines(text)).toEqual(lines);
  expect(formatLines(lines)).toBe(written);
});

it.each([null, '', '0', '-5', '1-', 'x', '1-2-3', '9999999999'])(
  'reads no lines in %s',
  text => {
    expect(parseLines(text)).toBeUndefined();
  },
);

const STEPS = [
  { attempt: 1, position: 0, name: 'load', state: 'succeeded', firstLine: 3 },
  { attempt: 1, position: 1, name: 'elsewhere', state: 'succeeded' },
] as const;

it('reads back what it writes', () => {
  const filter = {
    q: 'disk full',
    levels: ['error', 'warn'],
    step: 'load',
    only: true,
    novel: true,
  } as const;
  const parameters = new URLSearchParams(
    parametersOf(filter) as Record<string, string>,
  );
  expect(readFilter(parameters, STEPS)).toEqual(filter);
});

it('ignores levels and steps that it does not know', () => {
  const parameters = new URLSearchParams('level=loud,error&step=elsewhere');
  expect(readFilter(parameters, STEPS)).toEqual({
    q: '',
    levels: ['error'],
    only: false,
    novel: false,
  });
});

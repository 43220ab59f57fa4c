import { stepOrder } from './stepOrder';

it('keeps the order of the newest run and puts older steps behind those that they followed', () => {
  expect(
    stepOrder([
      ['fetch', 'check', 'load'],
      ['fetch', 'unpack', 'check', 'load', 'report'],
      ['prepare', 'fetch'],
    ]),
  ).toEqual(['prepare', 'fetch', 'unpack', 'check', 'load', 'report']);
});

it('names a step once where runs have it at different places', () => {
  expect(stepOrder([[], ['a', 'b'], ['b', 'a']])).toEqual(['a', 'b']);
});

import { jsonDiff as findDifferences } from './jsonDiff';

/** Without the keys, which say the same as the path. */
const jsonDiff = (before: unknown, after: unknown) =>
  findDifferences(before, after).map(({ keys, ...rest }) => rest);

it('finds what was added, removed and changed, at any depth', () => {
  expect(
    jsonDiff(
      { url: 'a', limit: 3, options: { codec: 'av1', crf: 20 }, tags: ['x'] },
      { url: 'b', options: { codec: 'av1', crf: 24 }, tags: ['x', 'y'] },
    ),
  ).toEqual([
    { path: 'url', kind: 'changed', before: 'a', after: 'b' },
    { path: 'limit', kind: 'removed', before: 3 },
    { path: 'options.crf', kind: 'changed', before: 20, after: 24 },
    { path: 'tags.1', kind: 'added', after: 'y' },
  ]);
});

it('takes values of different kinds as one change, and null for a value', () => {
  expect(jsonDiff({ a: { b: 1 } }, { a: [1] })).toEqual([
    { path: 'a', kind: 'changed', before: { b: 1 }, after: [1] },
  ]);
  expect(jsonDiff({ a: null }, { a: 0 })).toEqual([
    { path: 'a', kind: 'changed', before: null, after: 0 },
  ]);
  expect(jsonDiff(1, 2)).toEqual([
    { path: '', kind: 'changed', before: 1, after: 2 },
  ]);
});

it('finds nothing where only the order of keys or an undefined key differs', () => {
  expect(jsonDiff({ a: 1, b: 2, c: undefined }, { b: 2, a: 1 })).toEqual([]);
  expect(jsonDiff({ constructor: 1 }, {})).toEqual([
    { path: 'constructor', kind: 'removed', before: 1 },
  ]);
  expect(jsonDiff({}, {})).toEqual([]);
});

it('does not run out of stack on a deep document', () => {
  const deep = (value: number) => {
    let document: unknown = value;
    for (let level = 0; level < 20_000; level += 1) {
      document = [document];
    }
    return document;
  };
  expect(jsonDiff(deep(1), deep(2))).toHaveLength(1);
});

it('tells a key with a dot from a path', () => {
  expect(
    findDifferences({ 'a.b': 1, a: { b: 1 } }, { 'a.b': 2, a: { b: 2 } }),
  ).toMatchObject([
    { path: 'a.b', keys: ['a.b'] },
    { path: 'a.b', keys: ['a', 'b'] },
  ]);
});

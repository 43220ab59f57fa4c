import { checkValues, pathsIn, renderValues } from './renderValues';

const KNOWN = {
  body: {
    name: 'a',
    count: 3,
    ok: false,
    none: null,
    tags: ['x', { deep: [1, 2] }],
    text: '${{ body.name }} $& $1',
  },
};

describe('renderValues', () => {
  it('fills in texts, and keeps the type of what stands alone', () => {
    expect(
      renderValues(
        {
          count: '${{ body.count }}',
          ok: '${{body.ok}}',
          none: '${{ body.none }}',
          tags: '${{ body.tags }}',
          deep: '${{ body.tags.1.deep.0 }}',
          text: 'n=${{ body.count }} ${{ body.tags }} ${{ body.none }}.',
          fixed: 7,
          nested: { list: ['${{ body.name }}', true] },
        },
        KNOWN,
      ),
    ).toEqual({
      count: 3,
      ok: false,
      none: null,
      tags: ['x', { deep: [1, 2] }],
      deep: 1,
      text: 'n=3 ["x",{"deep":[1,2]}] .',
      fixed: 7,
      nested: { list: ['a', true] },
    });
  });

  it('leaves out what there is not, also what is only inherited', () => {
    expect(
      renderValues(
        {
          missing: '${{ body.nope.deeper }}',
          inherited: '${{ body.constructor }}',
          length: '${{ body.tags.length }}',
          list: ['${{ body.nope }}', 'a${{ body.nope }}b'],
        },
        KNOWN,
      ),
    ).toEqual({ list: ['ab'] });
  });

  it('does not read again what it has filled in', () => {
    expect(renderValues({ a: '<${{ body.text }}>' }, KNOWN)).toEqual({
      a: '<${{ body.name }} $& $1>',
    });
  });
});

describe('checkValues', () => {
  it('finds nothing wrong with paths that can be', () => {
    expect(
      checkValues({ a: '${{ body.a-b.0 }} ${{body}}', b: [1, null, '$x'] }, [
        'body',
      ]),
    ).toEqual([]);
  });

  it.each([
    '${{ file.path }}',
    '${{ body.a',
    '${{ body..a }}',
    '${{ process.env.X }}',
    '${{ body.a + 1 }}',
  ])('refuses %s', template => {
    expect(checkValues({ nested: [{ a: template }] }, ['body'])).toEqual([
      expect.stringMatching(/cannot be filled in.*'body'/),
    ]);
  });
});

describe('pathsIn', () => {
  it('names every path once for each place', () => {
    expect(
      pathsIn({ a: '${{ run.id }}', b: ['x${{ run.outputs.sum.n }}'] }),
    ).toEqual([
      ['run', 'id'],
      ['run', 'outputs', 'sum', 'n'],
    ]);
  });
});

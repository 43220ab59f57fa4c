import { renderTitle } from './renderTitle';

const titleOf = (titleTemplate: string, parameters = {}) =>
  renderTitle({ title: 'Ingest', titleTemplate }, parameters);

describe('renderTitle', () => {
  it('fills in parameters, also nested ones', () => {
    expect(
      titleOf('Ingest ${{ parameters.url }} into ${{parameters.to.table}}', {
        url: 'https://example.org',
        to: { table: 'meetings' },
      }),
    ).toBe('Ingest https://example.org into meetings');
  });

  it('leaves out what is missing and never reads inherited properties', () => {
    expect(titleOf('A ${{ parameters.nope.deeper }}B')).toBe('A B');
    expect(titleOf('A${{ parameters.constructor.name }}')).toBe('A');
  });

  it('stays on one line and within bounds', () => {
    expect(titleOf('${{ parameters.a }}', { a: 'x\ny\u2028z\u0000' })).toBe(
      'x y z',
    );
    expect(
      titleOf('${{ parameters.a }}', { a: 'x'.repeat(9_999) }),
    ).toHaveLength(300);
  });

  it('falls back to the title of the pipeline', () => {
    expect(titleOf('${{ parameters.a }}')).toBe('Ingest');
    expect(renderTitle({ title: 'Ingest' }, {})).toBe('Ingest');
  });

  it('executes nothing that a parameter contains', () => {
    expect(
      titleOf('${{ parameters.a }}', {
        a: '${{ parameters.b }} $& <b>',
        b: 'no',
      }),
    ).toBe('${{ parameters.b }} $& <b>');
  });
});

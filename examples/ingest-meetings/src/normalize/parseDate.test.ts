import { parseDate } from './parseDate.ts';

describe('parseDate', () => {
  it.each([
    ['2025-01-08', '2025-01-08'],
    ['2025-01-08T18:00:00Z', '2025-01-08'],
    ['2025/1/8', '2025-01-08'],
    ['15 January 2025', '2025-01-15'],
    ['  15   jan. 2025 ', '2025-01-15'],
    ['1st of February 2024', '2024-02-01'],
    ['October 19, 2023', '2023-10-19'],
    ['30 enero 2025', '2025-01-30'],
    ['5 de marzo de 2025', '2025-03-05'],
    ['8 août 2024', '2024-08-08'],
    ['3. März 2024', '2024-03-03'],
    ['26/02/2025', '2025-02-26'],
    ['02/26/2025', '2025-02-26'],
    ['05.05.2025', '2025-05-05'],
    ['29 February 2024', '2024-02-29'],
  ])('reads %j', (written, date) => {
    expect(parseDate(written)).toMatchObject({ kind: 'date', date });
  });

  it.each([
    'soon',
    '15 January',
    '31 February 2026',
    '29 February 2025',
    '2025-13-01',
    '45 Foo 2025',
    '',
    '0000-00-00',
    `1 ${'a'.repeat(100_000)} 2025`,
  ])('does not guess at %j', written => {
    expect(parseDate(written)).toEqual({ kind: 'unparsable' });
  });

  it('says so when day and month could be either', () => {
    expect(parseDate('03/04/2026')).toEqual({ kind: 'ambiguous' });
  });
});

import { isEmptyLogQuery, parseLogQuery, quoteLogTerm } from './logQuery';

const NOTHING = { texts: [], notTexts: [], notLevels: [], novel: false };

const termsOf = (query: string) => {
  const parsed = parseLogQuery(query);
  if (!parsed.ok) {
    throw new Error(parsed.problem);
  }
  return parsed.terms;
};

it.each([
  ['', {}],
  ['  two  words ', { texts: ['two', 'words'] }],
  ['"exact text" -noise', { texts: ['exact text'], notTexts: ['noise'] }],
  ['-"two words"', { notTexts: ['two words'] }],
  ['level:error,warn', { levels: ['error', 'warn'] }],
  ['-level:debug', { notLevels: ['debug'] }],
  ['step:encode', { step: 'encode' }],
  ['step:"part 2"', { step: 'part 2' }],
  ['attempt:2 stream:stderr', { attempt: 2, stream: 'stderr' }],
  ['is:novel', { novel: true }],
  [
    'http://a.example/x 12:30 foo:bar',
    { texts: ['http://a.example/x', '12:30', 'foo:bar'] },
  ],
  ['"say \\"hi\\""', { texts: ['say "hi"'] }],
  ['a"b', { texts: ['a"b'] }],
  ['-', { texts: ['-'] }],
  ['foo:', { texts: ['foo:'] }],
])('reads %s', (query, terms) => {
  expect(termsOf(query)).toEqual({ ...NOTHING, ...terms });
});

it.each([
  ['"open', /not closed/],
  ['level:loud', /error, warn, info, debug, not 'loud'/],
  ['level:', /is one of/],
  ['attempt:0', /whole number/],
  ['stream:stdin', /stdout or stderr/],
  ['is:old', /only 'novel'/],
  ['-step:x', /only texts and levels/],
  ['step:""', /needs the name/],
  ['x'.repeat(501), /longer than 500/],
  ['x '.repeat(21), /more than 20 parts/],
])('says what is wrong with %s', (query, problem) => {
  expect(parseLogQuery(query)).toEqual({
    ok: false,
    problem: expect.stringMatching(problem),
  });
});

it('finds nothing to look for in an attempt alone', () => {
  expect(isEmptyLogQuery(termsOf('attempt:2'))).toBe(true);
  expect(isEmptyLogQuery(termsOf('-x'))).toBe(false);
});

it.each(['word', 'two words', 'say "hi"', '-minus', 'tab\there', 'C:\\a b'])(
  'quotes %s so that it is read back',
  text => {
    expect(termsOf(quoteLogTerm(text)).texts).toEqual([text]);
  },
);

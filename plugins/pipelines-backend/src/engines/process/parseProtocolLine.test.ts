import { parseProtocolLine } from './parseProtocolLine';

const parse = (json: string) =>
  parseProtocolLine(Buffer.from(`::millrace::${json}\r\n`));

describe('parseProtocolLine', () => {
  it.each([
    ['not JSON', 'nonsense', /JSON/],
    ['a list', '[]', /not a JSON object/],
    ['no type', '{"name":"x"}', /no 'type'/],
    ['an unknown status', '{"type":"step","name":"x","status":"ok"}', /status/],
    ['no name', '{"type":"step","name":"","status":"running"}', /name/],
    ['progress above 1', '{"type":"progress","progress":1.01}', /progress/],
    ['progress in words', '{"type":"progress","progress":"0.5"}', /progress/],
    [
      'a number too large',
      '{"type":"metric","name":"x","value":1e999}',
      /large/,
    ],
    ['an output without content', '{"type":"output","name":"x"}', /json/],
    [
      'a prototype',
      '{"type":"output","name":"x","json":{"a":{"__proto__":{"b":1}}}}',
      /'__proto__' is not allowed/,
    ],
    [
      'endless nesting',
      `{"type":"x","y":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      /nested deeper/,
    ],
    [
      'a media type with a line break',
      '{"type":"artifact","path":"x","mediaType":"text/html\\r\\nx: y"}',
      /mediaType/,
    ],
  ])('refuses %s', (_, json, reason) => {
    expect(() => parse(json)).toThrow(reason);
  });

  it('takes text that Postgres cannot store as replacement characters', () => {
    expect(parse('{"type":"summary","text":"a\\u0000b\\ud800c"}')).toEqual({
      type: 'summary',
      text: 'a\uFFFDb\uFFFDc',
    });
  });

  it('keeps types that it does not know, whatever they are called', () => {
    expect(parse('{"type":"constructor","x":[1]}')).toEqual({
      type: 'other',
      body: { type: 'constructor', x: [1] },
    });
  });
});

import { ParametersValidator } from './parameters';

const validator = new ParametersValidator('ingest', {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', format: 'uri' },
    limit: { type: 'integer', minimum: 1, default: 10 },
    mode: { enum: ['fast', 'safe'] },
    nested: {
      type: 'object',
      additionalProperties: false,
      properties: { depth: { type: 'integer' } },
    },
    parts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          on: { type: 'string', format: 'date' },
          kinds: {
            type: 'array',
            uniqueItems: true,
            items: { enum: ['a', 'b'] },
          },
        },
      },
    },
    at: { type: 'string', format: 'date-time' },
    file: { type: 'string', format: 'data-url' },
    'and/or': { type: 'boolean' },
  },
});

describe('ParametersValidator', () => {
  it('fills in defaults and leaves what it was given alone', () => {
    const given = { url: 'https://example.org/a.json' };
    expect(validator.validate(given)).toEqual({ ...given, limit: 10 });
    expect(given).toEqual({ url: 'https://example.org/a.json' });
  });

  it.each([
    [{}, "the parameter 'url' is missing"],
    [{ url: 'x:y', extra: 1 }, "there is no parameter 'extra'"],
    [{ url: 'not a url' }, `'url' must match format "uri"`],
    [{ url: 'x:y', limit: 'ten' }, "'limit' must be integer"],
    [{ url: 'x:y', limit: 0 }, "'limit' must be >= 1"],
    [{ url: 'x:y', mode: 'slow' }, 'allowed values: fast, safe'],
    [{ url: 'x:y', nested: { depht: 1 } }, "no parameter 'nested.depht'"],
    [{ url: 'x:y', nested: { depth: 'x' } }, "'nested.depth' must be integer"],
    [{ url: 'x:y', parts: 'a' }, "'parts' must be array"],
    [{ url: 'x:y', parts: [] }, "'parts' must NOT have fewer than 1 items"],
    [
      { url: 'x:y', parts: [{ name: 'a' }, {}] },
      "the parameter 'parts.1.name' is missing",
    ],
    [
      { url: 'x:y', parts: [{ name: 'a', on: '2026-02-30' }] },
      `'parts.0.on' must match format "date"`,
    ],
    [
      { url: 'x:y', parts: [{ name: 'a', kinds: ['a', 'c'] }] },
      "'parts.0.kinds.1' must be equal to one of the allowed values: a, b",
    ],
    [
      { url: 'x:y', parts: [{ name: 'a', kinds: ['a', 'a'] }] },
      "'parts.0.kinds' must NOT have duplicate items",
    ],
    [{ url: 'x:y', at: '2026-11-21' }, `'at' must match format "date-time"`],
    [{ url: 'x:y', file: 'a.txt' }, `'file' must match format "data-url"`],
    [
      { url: 'x:y', file: 'data:text/plain;base64,not base64' },
      `'file' must match format "data-url"`,
    ],
    [{ url: 'x:y', 'and/or': 1 }, "'and/or' must be boolean"],
  ])('refuses %j and says why', (parameters, message) => {
    expect(() => validator.validate(parameters)).toThrow(message);
    expect(() => validator.validate(parameters)).toThrow(
      "The parameters do not fit pipeline 'ingest'",
    );
  });

  it('takes nested values, lists, dates and files that fit', () => {
    const given = {
      url: 'x:y',
      limit: 1,
      nested: { depth: 2 },
      parts: [{ name: 'a', on: '2026-02-28', kinds: ['a', 'b'] }],
      at: '2026-11-21T10:00:00Z',
      file: 'data:text/plain;name=a%20b.txt;base64,aGVsbG8=',
      'and/or': true,
    };
    expect(validator.validate(given)).toEqual(given);
  });

  it('names the first of very many problems and counts the others', () => {
    const parts = Array.from({ length: 500 }, () => ({}));
    const refusal = () => validator.validate({ url: 'x:y', parts });
    expect(refusal).toThrow(
      /'parts\.0\.name' is missing; .*'parts\.19\.name' is missing; and 480 more$/,
    );
  });
});

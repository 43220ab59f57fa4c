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
  ])('refuses %j and says why', (parameters, message) => {
    expect(() => validator.validate(parameters)).toThrow(message);
    expect(() => validator.validate(parameters)).toThrow(
      "The parameters do not fit pipeline 'ingest'",
    );
  });
});

import { parameterRows } from './parameterRows';

it('describes parameters in one line each, nested ones with their path', () => {
  const rows = parameterRows({
    type: 'object',
    required: ['url'],
    properties: {
      url: { type: 'string', format: 'uri', title: 'Source' },
      token: { type: 'string', writeOnly: true },
      mode: { enum: ['fast', 'exact'], default: 'fast' },
      options: {
        type: 'object',
        required: ['crf'],
        properties: { crf: { type: 'integer', minimum: 0, maximum: 51 } },
      },
      tags: { type: 'array', items: { type: 'string' }, default: [] },
      anything: {},
    },
  });
  expect(
    rows.map(row => [row.name, row.type, row.isRequired, row.default]),
  ).toEqual([
    ['url', 'string, uri', true, undefined],
    ['token', 'string', false, undefined],
    ['mode', 'fast | exact', false, 'fast'],
    ['options', 'object', false, undefined],
    ['options.crf', 'integer, ≥ 0, ≤ 51', true, undefined],
    ['tags', 'array of string', false, '[]'],
    ['anything', 'any', false, undefined],
  ]);
  expect(rows[1].isSecret).toBe(true);
  expect(parameterRows({ type: 'object' })).toEqual([]);
});

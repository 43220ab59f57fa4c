import { titleOfPath } from './titleOfPath';

it('calls a place by the titles on the way to it, and counts items from 1', () => {
  const schema = {
    type: 'object',
    properties: {
      options: {
        type: 'object',
        title: 'Options',
        properties: { codec: { type: 'string', title: 'Codec' } },
      },
      tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
    },
  };
  expect(titleOfPath(schema, 'options.codec')).toBe('Options › Codec');
  expect(titleOfPath(schema, 'tags.0')).toBe('Tags › 1');
  expect(titleOfPath(schema, 'unknown.deep')).toBe('unknown › deep');
});

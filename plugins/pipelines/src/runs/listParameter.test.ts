import { listText, readListText, withList } from './listParameter';

it('carries a filter through an address unchanged', () => {
  const filter = {
    state: ['failed', 'lost'] as const,
    'pipeline.not': ['noise'],
    label: { team: 'a&b', 'x.y': '1' },
    entity: ['component:default/shop'],
    q: 'disk "full"',
    minDuration: 90,
    from: '2026-01-01T00:00:00.000Z',
  };
  const search = withList('?tab=log', listText(filter));
  expect(search).toMatch(/^\?tab=log&list=/);
  expect(readListText(new URLSearchParams(search).get('list'))).toEqual(filter);
});

it('is absent without a filter', () => {
  const nothing = { state: [], label: undefined, q: '', from: undefined };
  expect(withList('?tab=log', listText(nothing))).toBe('?tab=log');
  expect(withList('', null)).toBe('');
});

it('takes what it does not understand for no filter', () => {
  expect(readListText('state=nope')).toEqual({});
  expect(readListText('%%%')).toEqual({});
  expect(readListText(null)).toEqual({});
});

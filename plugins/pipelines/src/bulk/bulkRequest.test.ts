import { BulkRequestSchema } from '@millrace/backstage-plugin-pipelines-common';
import { uuidAt } from '../../dev/fake/ids';
import { bulkRequestOf, NEW_DRAFT } from './bulkRequest';

const IDS = new Set([uuidAt(1), uuidAt(2)]);
const FILTER = {
  state: ['failed'] as const,
  'trigger.not': ['schedule'] as const,
  pipeline: [],
  label: {},
  q: '502',
  minDuration: 0,
  entity: undefined,
  from: '2026-11-21T10:00:00.000Z',
};

const CANCEL = { ...NEW_DRAFT, action: 'cancel' as const };

describe('bulkRequestOf', () => {
  it('names the chosen runs, or repeats the filter without its empty parts', () => {
    expect(bulkRequestOf(CANCEL, { ids: IDS, filter: FILTER })).toEqual({
      action: 'cancel',
      runIds: [...IDS],
    });
    expect(
      bulkRequestOf(
        { ...NEW_DRAFT, scope: 'all', action: 'retry' },
        { ids: IDS, filter: FILTER },
      ),
    ).toEqual({
      action: 'retry',
      filter: {
        state: ['failed'],
        'trigger.not': ['schedule'],
        q: '502',
        minDuration: 0,
        from: FILTER.from,
      },
    });
  });

  it.each([
    ['nothing is chosen to be done', { action: undefined }, IDS],
    ['no run is chosen', { scope: 'chosen' as const }, new Set<string>()],
    [
      'there is no priority',
      { action: 'priority' as const, priority: NaN },
      IDS,
    ],
    ['there are no labels', { action: 'label' as const }, IDS],
    [
      'a label is wrong',
      { action: 'label' as const, labels: 'team=data\n=x' },
      IDS,
    ],
  ])('says nothing while %s', (_, draft, ids) => {
    expect(
      bulkRequestOf({ ...CANCEL, ...draft }, { ids, filter: {} }),
    ).toBeUndefined();
  });

  it.each([
    ['cancel', { force: true }],
    ['retry', { fromFailedStep: true }],
    ['pause', {}],
    ['resume', {}],
    ['priority', { priority: -5 }],
    ['label', { labels: 'team=data' }],
  ] as const)('makes what the API takes for %s', (action, fields) => {
    const request = bulkRequestOf(
      { ...NEW_DRAFT, force: true, fromFailedStep: true, action, ...fields },
      { ids: IDS, filter: {} },
    );
    expect(BulkRequestSchema.parse(request)).toMatchObject({ action });
  });
});

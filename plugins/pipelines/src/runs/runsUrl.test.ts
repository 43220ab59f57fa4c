import { NO_FILTER, readRunsUrl, runsSearch, writeRunsUrl } from './runsUrl';

describe('runsUrl', () => {
  it('reads filters, page size and range from the address', () => {
    const { url, unknown } = readRunsUrl(
      new URLSearchParams(
        'state=failed,lost&pipeline=transcode&from=-7d&size=25&trigger=schedule',
      ),
    );
    expect(url).toEqual({
      ...NO_FILTER,
      state: ['failed', 'lost'],
      pipeline: ['transcode'],
      trigger: ['schedule'],
      from: '-7d',
      pageSize: 25,
      cursor: undefined,
    });
    expect(unknown).toEqual([]);
  });

  it('reads exclusions, submitters, labels, text and durations, and writes them back', () => {
    const search =
      '?fingerprint=00112233aabbccdd&state.not=failed,lost&pipeline.not=transcode&trigger.not=api&submittedBy=user:default/ada&q=502+Bad&minDuration=60&maxDuration=600&label.team=data&label.app/part=';
    const { url, unknown } = readRunsUrl(new URLSearchParams(search));
    expect(url).toEqual({
      ...NO_FILTER,
      'state.not': ['failed', 'lost'],
      'pipeline.not': ['transcode'],
      'trigger.not': ['api'],
      submittedBy: ['user:default/ada'],
      fingerprint: '00112233aabbccdd',
      q: '502 Bad',
      minDuration: 60,
      maxDuration: 600,
      label: { team: 'data', 'app/part': '' },
      pageSize: 50,
      cursor: undefined,
    });
    expect(unknown).toEqual([]);
    const again = readRunsUrl(new URLSearchParams(runsSearch(url)));
    expect(again).toEqual({ url, unknown: [] });
  });

  it.each([
    ['state.not', 'exploded'],
    ['pipeline.not', 'A B'],
    ['trigger.not', 'moon'],
    ['submittedBy', 'x'.repeat(301)],
    ['label.', 'x'],
    ['label.a b', 'x'],
    ['label.__proto__', 'x'],
    ['label.a', 'x'.repeat(201)],
    ['q', 'x'.repeat(201)],
    ['minDuration', '1m'],
    ['maxDuration', '-1'],
  ])('names %s=%s and leaves it out', (name, value) => {
    const { url, unknown } = readRunsUrl(new URLSearchParams([[name, value]]));
    expect(url).toMatchObject(NO_FILTER);
    expect(unknown).toEqual([{ name, value }]);
  });

  it('leaves out a longest execution that is shorter than the shortest', () => {
    const { url, unknown } = readRunsUrl(
      new URLSearchParams('minDuration=60&maxDuration=59'),
    );
    expect(url).toMatchObject({ minDuration: 60, maxDuration: undefined });
    expect(unknown).toEqual([{ name: 'maxDuration', value: '59' }]);
  });

  it('replaces all labels, and leaves them alone when they do not change', () => {
    const before = new URLSearchParams('label.a=1&label.b=2');
    expect(`${writeRunsUrl(before, { label: { c: '3' } })}`).toBe('label.c=3');
    expect(`${writeRunsUrl(before, { q: 'x' })}`).toBe(
      'label.a=1&label.b=2&q=x',
    );
  });

  it('names values that it does not know and leaves them out', () => {
    const { url, unknown } = readRunsUrl(
      new URLSearchParams(
        'state=failed,exploded&pipeline=A%20B&from=yesterday&size=7',
      ),
    );
    expect(url.state).toEqual(['failed']);
    expect(url.pipeline).toEqual([]);
    expect(url.from).toBeUndefined();
    expect(url.pageSize).toBe(50);
    expect(unknown).toEqual([
      { name: 'state', value: 'exploded' },
      { name: 'pipeline', value: 'A B' },
      { name: 'from', value: 'yesterday' },
      { name: 'size', value: '7' },
    ]);
  });

  it('keeps what belongs to others, drops defaults, and starts at the first page', () => {
    const next = writeRunsUrl(
      new URLSearchParams('run=transcode&cursor=abc&size=25&state=failed'),
      { state: [], pageSize: 50 },
    );
    expect(next.toString()).toBe('run=transcode');
  });

  it('turns to another page without losing the filter', () => {
    const next = writeRunsUrl(new URLSearchParams('state=failed'), {
      cursor: 'abc',
    });
    expect(next.toString()).toBe('state=failed&cursor=abc');
  });

  it('writes links that a person can read', () => {
    expect(runsSearch({ state: ['failed', 'lost'], from: '-7d' })).toBe(
      '?state=failed,lost&from=-7d',
    );
    expect(runsSearch({})).toBe('');
  });
});

import { readRunsUrl, runsSearch, writeRunsUrl } from './runsUrl';

describe('runsUrl', () => {
  it('reads filters, page size and range from the address', () => {
    const { url, unknown } = readRunsUrl(
      new URLSearchParams(
        'state=failed,lost&pipeline=transcode&from=-7d&size=25&trigger=schedule',
      ),
    );
    expect(url).toEqual({
      state: ['failed', 'lost'],
      pipeline: ['transcode'],
      trigger: ['schedule'],
      from: '-7d',
      to: undefined,
      pageSize: 25,
      cursor: undefined,
    });
    expect(unknown).toEqual([]);
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

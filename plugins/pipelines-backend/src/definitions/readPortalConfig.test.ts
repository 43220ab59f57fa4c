import { ConfigReader } from '@backstage/config';
import { readPortalConfig } from './readPortalConfig';

const read = (pipelines: object) =>
  readPortalConfig(new ConfigReader({ pipelines: pipelines as {} }), {
    root: '/srv',
    slots: 2,
    retention: { runDays: 400, logDays: 30 },
  });

describe('readPortalConfig', () => {
  it('has no limit and no watches unless configured', () => {
    expect(read({})).toEqual({
      root: '/srv',
      slots: 2,
      concurrency: undefined,
      watches: {},
      retention: { runDays: 400, logDays: 30 },
    });
  });

  it('reads of a watch what can be edited, and leaves the rest to others', () => {
    const { concurrency, watches } = read({
      concurrency: 20,
      watches: {
        drop: { folder: 'in', rules: [] },
        scans: { folder: '/scans', enabled: false, stable: { minutes: 1 } },
      },
    });
    expect(concurrency).toBe(20);
    expect(watches).toEqual({
      drop: { folder: 'in', enabled: true, stableSeconds: 10 },
      scans: { folder: '/scans', enabled: false, stableSeconds: 60 },
    });
  });

  it.each([0, 1.5, 10_001])('refuses %j runs at once', concurrency => {
    expect(() => read({ concurrency })).toThrow(
      `'pipelines.concurrency' is ${concurrency}`,
    );
  });

  it('refuses a watch without a folder', () => {
    expect(() => read({ watches: { drop: {} } })).toThrow('folder');
  });
});

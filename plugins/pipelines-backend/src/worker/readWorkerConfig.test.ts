import { ConfigReader } from '@backstage/config';
import { readWorkerConfig } from './readWorkerConfig';

const read = (worker?: object) =>
  readWorkerConfig(
    new ConfigReader(
      worker ? JSON.parse(JSON.stringify({ pipelines: { worker } })) : {},
    ),
  );

describe('readWorkerConfig', () => {
  it('executes two runs at once when nothing is said', () => {
    expect(read()).toEqual({
      enabled: true,
      only: false,
      slots: 2,
      stopWaitMs: 10_000,
      pausedTimeCounts: false,
    });
  });

  it('takes what is said', () => {
    expect(
      read({ enabled: false, slots: 8, stopWait: { minutes: 1 } }),
    ).toMatchObject({
      enabled: false,
      only: false,
      slots: 8,
      stopWaitMs: 60_000,
    });
    expect(read({ pausedTimeCounts: true }).pausedTimeCounts).toBe(true);
  });

  it('refuses a process that would do nothing', () => {
    expect(() => read({ enabled: false, only: true })).toThrow(/of no use/);
  });

  it.each([0, 65, 1.5])('refuses %s slots', slots => {
    expect(() => read({ slots })).toThrow(/from 1 to 64/);
  });
});

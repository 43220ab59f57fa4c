import { waitFor } from '../__testUtils__';
import { Throttle } from './Throttle';

describe('Throttle', () => {
  it('does it at once, then seldom, and once more after the last request', async () => {
    let done = 0;
    const throttle = new Throttle({
      everyMs: 30,
      action: async () => {
        done += 1;
      },
    });
    for (let i = 0; i < 1_000; i++) {
      await throttle.request();
    }
    expect(done).toBeLessThan(100);
    const before = done;
    await throttle.request();
    await waitFor('the last request', () => done > before);
  });

  it('does now what was put off when it is flushed', async () => {
    let done = 0;
    const throttle = new Throttle({
      everyMs: 60_000,
      action: async () => {
        done += 1;
      },
    });
    await throttle.request();
    await throttle.request();
    await throttle.flush();
    await throttle.flush();
    expect(done).toBe(2);
  });

  it('hands an error to whoever asked or flushes', async () => {
    const throttle = new Throttle({
      everyMs: 60_000,
      action: () => Promise.reject(new Error('no')),
    });
    await expect(throttle.request()).rejects.toThrow('no');
    await throttle.request();
    await expect(throttle.flush()).rejects.toThrow('no');
  });
});

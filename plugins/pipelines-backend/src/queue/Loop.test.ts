import { waitFor } from '../__testUtils__';
import { Loop } from './Loop';

describe('Loop', () => {
  let loop: Loop;
  afterEach(() => loop.stop());

  it('goes on after errors, and tells each', async () => {
    let rounds = 0;
    const errors: unknown[] = [];
    loop = new Loop({
      everyMs: [1, 2],
      maxBackOffMs: 5,
      round: async () => {
        rounds += 1;
        if (rounds < 4) {
          throw new Error(`round ${rounds}`);
        }
      },
      onError: error => errors.push(error),
    });
    loop.start();
    await waitFor('rounds after the errors', () => rounds > 6);

    expect(errors.map(String)).toEqual([
      'Error: round 1',
      'Error: round 2',
      'Error: round 3',
    ]);
  });

  it('begins at once when it is woken, also when that was during a round', async () => {
    let rounds = 0;
    loop = new Loop({
      everyMs: [60_000, 60_000],
      round: async () => {
        rounds += 1;
        if (rounds === 1) {
          loop.wake();
        }
      },
      onError: () => {},
    });
    loop.start();
    await waitFor('the round after the first', () => rounds === 2);
    loop.wake();
    await waitFor('the round after the pause', () => rounds === 3);
    expect(rounds).toBe(3);
  });

  it('is not woken out of the wait after an error', async () => {
    let rounds = 0;
    loop = new Loop({
      everyMs: [1, 1],
      round: async () => {
        rounds += 1;
        throw new Error('down');
      },
      onError: () => setImmediate(() => loop.wake()),
    });
    const begin = performance.now();
    loop.start();
    await waitFor('the second round', () => rounds === 2);
    expect(performance.now() - begin).toBeGreaterThan(200);
  });

  it('stops at once in a pause, and after the round that is going on', async () => {
    let isInRound = false;
    loop = new Loop({
      everyMs: [60_000, 60_000],
      round: async () => {
        isInRound = true;
        await new Promise(resolve => setTimeout(resolve, 20));
        isInRound = false;
      },
      onError: () => {},
    });
    loop.start();
    await waitFor('the round', () => isInRound);
    await loop.stop();
    expect(isInRound).toBe(false);
  });
});

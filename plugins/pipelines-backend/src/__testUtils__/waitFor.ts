import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is truthy, and returns it.
 *
 * @throws Error naming what was waited for when `timeoutMs` (default 10 s) is over
 */
export async function waitFor<TValue>(
  what: string,
  ask: () => TValue | Promise<TValue>,
  options: { timeoutMs?: number; everyMs?: number } = {},
): Promise<TValue> {
  const { timeoutMs = 10_000, everyMs = 20 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (value) {
      return value;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    }
    await sleep(everyMs);
  }
}

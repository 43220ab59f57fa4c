import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const RETRY_MS = 100;

/**
 * Opens something, again and again for up to a minute while this process or its host has no
 * descriptor left: others give theirs back.
 *
 * @throws whatever else opening throws; the error of the last try
 */
export async function withDescriptors<TResult>(
  open: () => Promise<TResult>,
): Promise<TResult> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isOutOfDescriptors(error) || performance.now() > until) {
        throw error;
      }
    }
    await sleep(RETRY_MS);
  }
}

/** Whether something failed because too many files are open. */
export function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}

import type { ExceededTimeout } from '../queue';

/** Says what took longer than it may, and what follows. */
export function describeTimeout({
  what,
  limitMs,
  step,
}: ExceededTimeout): string {
  const limit = `${limitMs / 1_000} s`;
  switch (what) {
    case 'start':
      return `It did not start within ${limit}`;
    case 'step':
      return `Its step '${step}' takes longer than the ${limit} that a step may, so it is ended`;
    case 'no-output':
      return `It has not written anything for ${limit}, so it is ended`;
    default:
      return `It takes longer than the ${limit} that it may, so it is ended`;
  }
}

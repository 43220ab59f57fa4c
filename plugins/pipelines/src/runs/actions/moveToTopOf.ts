import type { RunEvent } from '@millrace/backstage-plugin-pipelines-common';

/** How the event of a changed priority tells it. */
type Details = { from: unknown; to: unknown; toFront: unknown };

/**
 * What "Move to top" has made of the priority of a run, over all times that it was moved since
 * somebody last gave it a number.
 *
 * @param events - newest first
 * @returns undefined when the last change of its priority was not such a move
 */
export function moveToTopOf(
  events: readonly RunEvent[] = [],
): { from: number; to: number } | undefined {
  let moved: { from: number; to: number } | undefined;
  for (const { name, details } of events) {
    if (name === 'priority-changed') {
      const { from, to, toFront } = { ...(details as Partial<Details>) };
      if (
        toFront !== true ||
        typeof from !== 'number' ||
        typeof to !== 'number'
      ) {
        break;
      }
      moved = { from, to: moved?.to ?? to };
    }
  }
  return moved;
}

import type { RunStep } from '@millrace/backstage-plugin-pipelines-common';

/** A step of two runs, side by side. */
export interface ComparedStep {
  name: string;
  left?: SideOfStep;
  right?: SideOfStep;
  /** By how much the right one took longer, ms; absent unless both have ended. */
  differenceMs?: number;
}

/** How a step went in one run. */
export interface SideOfStep {
  state: RunStep['state'];
  /** Absent while it has not ended, or when it never began. */
  durationMs?: number;
}

/**
 * Pairs the steps of two runs by name, in the order of the right run; what only the left one has
 * comes last.
 */
export function compareSteps(
  left: readonly RunStep[],
  right: readonly RunStep[],
): ComparedStep[] {
  const names = new Set([...right, ...left].map(({ name }) => name));
  return [...names].map(name => {
    const sides = { left: sideOf(left, name), right: sideOf(right, name) };
    const before = sides.left?.durationMs;
    const after = sides.right?.durationMs;
    return {
      name,
      ...sides,
      ...(before !== undefined &&
        after !== undefined && { differenceMs: after - before }),
    };
  });
}

function sideOf(
  steps: readonly RunStep[],
  name: string,
): SideOfStep | undefined {
  const step = steps.find(other => other.name === name);
  if (!step) {
    return undefined;
  }
  const { state, startedAt, finishedAt } = step;
  return startedAt && finishedAt
    ? {
        state,
        durationMs: Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)),
      }
    : { state };
}

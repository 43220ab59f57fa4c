import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useBreakpoint } from '@backstage/ui';
import {
  RUN_TRIGGERS,
  UNSUCCESSFUL_RUN_STATES,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import type { UnknownValue } from '../../runs/runsUrl';

/** How many runs the grid can show. */
export const GRID_SIZES = [10, 25, 50, 100] as const;

/** One of {@link GRID_SIZES}. */
export type GridSize = (typeof GRID_SIZES)[number];

const FAILED = UNSUCCESSFUL_RUN_STATES.join(',');

/** What the address says of the run grid. */
export interface GridUrl {
  size: GridSize;
  onlyFailed: boolean;
  trigger?: RunTrigger;
  unknown: UnknownValue[];
  chooseSize(size: GridSize): void;
  chooseOnlyFailed(onlyFailed: boolean): void;
  chooseTrigger(trigger: RunTrigger | undefined): void;
  /** Whatever their state and trigger. */
  showAll(): void;
}

/** The address of the run grid as state; as many runs as fit unless it says how many. */
export function useGridUrl(): GridUrl {
  const [parameters, setParameters] = useSearchParams();
  const usualSize = useUsualSize();
  const read = useMemo(
    () => readGridUrl(parameters, usualSize),
    [parameters, usualSize],
  );
  const change = (values: Record<string, string | undefined>) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      for (const [name, value] of Object.entries(values)) {
        if (value) {
          next.set(name, value);
        } else {
          next.delete(name);
        }
      }
      return next;
    });
  return {
    ...read,
    chooseSize: size => change({ n: String(size) }),
    chooseOnlyFailed: only => change({ state: only ? FAILED : undefined }),
    chooseTrigger: trigger => change({ trigger }),
    showAll: () => change({ state: undefined, trigger: undefined }),
  };
}

/** As many runs as there is room for. */
function useUsualSize(): GridSize {
  const { down, up } = useBreakpoint();
  if (down('sm')) {
    return 10;
  }
  return up('xl') ? 50 : 25;
}

function readGridUrl(parameters: URLSearchParams, usualSize: GridSize) {
  const [n, state, trigger] = ['n', 'state', 'trigger'].map(
    name => parameters.get(name) ?? undefined,
  );
  const size = GRID_SIZES.find(known => String(known) === n);
  const known = RUN_TRIGGERS.find(name => name === trigger);
  const unknown: UnknownValue[] = [
    ...(n && !size ? [{ name: 'n', value: n }] : []),
    ...(state && state !== FAILED ? [{ name: 'state', value: state }] : []),
    ...(trigger && !known ? [{ name: 'trigger', value: trigger }] : []),
  ];
  return {
    size: size ?? usualSize,
    onlyFailed: state === FAILED,
    trigger: known,
    unknown,
  };
}

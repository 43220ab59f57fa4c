import {
  isActiveRunState,
  type GridRun,
  type GridStep,
  type PipelineGrid,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';

/** Height of the band of bars, px. @internal */
export const BAND_HEIGHT = 100;
/** A bar is never lower, or its icon would not fit, px. */
const MIN_BAR_HEIGHT = 14;

/** A run of the grid with its steps at their rows. @internal */
export interface GridColumn {
  run: GridRun;
  /** One for each row; undefined where this run has no such step. */
  cells: (GridStep | undefined)[];
  /** The settings of the pipeline are not those of the run before it. */
  hasNewSettings: boolean;
}

/** How long each run took, to scale. @internal */
export interface GridBars {
  /** px; by the id of the run. */
  heights: ReadonlyMap<string, number>;
  longestMs: number;
  /** Of the runs that are over; undefined when none is. */
  p95Ms?: number;
}

/** The columns of the grid, oldest first. @internal */
export function gridColumnsOf(grid: PipelineGrid): GridColumn[] {
  return grid.runs
    .map((run, index) => {
      const before = grid.runs[index + 1];
      const cells: GridColumn['cells'] = grid.steps.map(() => undefined);
      for (const step of run.steps) {
        cells[step.step] = step;
      }
      return {
        run,
        cells,
        hasNewSettings:
          before !== undefined &&
          before.settingsRevision !== run.settingsRevision,
      };
    })
    .reverse();
}

/** How long something took, or takes until now, ms; undefined before it started. @internal */
export function durationOf(
  { startedAt, finishedAt }: { startedAt?: string; finishedAt?: string },
  isGoingOn: boolean,
  nowMs: number,
): number | undefined {
  if (!startedAt || !(finishedAt || isGoingOn)) {
    return undefined;
  }
  const end = finishedAt ? Date.parse(finishedAt) : nowMs;
  return Math.max(0, end - Date.parse(startedAt));
}

/** How long a run was or is executed, ms. @internal */
export function runDurationOf(run: GridRun, nowMs: number) {
  return durationOf(run, isActiveRunState(run.state), nowMs);
}

/** The heights of the bars, the longest as high as the band. @internal */
export function gridBarsOf(runs: readonly GridRun[], nowMs: number): GridBars {
  const durations = runs.map(run => runDurationOf(run, nowMs));
  const longestMs = Math.max(0, ...durations.map(value => value ?? 0));
  const heights = new Map(
    runs.map((run, index) => {
      const share = longestMs > 0 ? (durations[index] ?? 0) / longestMs : 0;
      return [
        run.id,
        Math.max(MIN_BAR_HEIGHT, Math.round(share * BAND_HEIGHT)),
      ];
    }),
  );
  const ended = runs
    .map((run, index) => (run.finishedAt ? durations[index] : undefined))
    .filter(value => value !== undefined)
    .sort((a, b) => a - b);
  return {
    heights,
    longestMs,
    ...(ended.length > 0 && {
      p95Ms: ended[Math.ceil(ended.length * 0.95) - 1],
    }),
  };
}

/** Number of runs by state, most first. @internal */
export function countStates(
  runs: readonly GridRun[],
): [state: RunState, count: number][] {
  const counts = new Map<RunState, number>();
  for (const { state } of runs) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** A cell of the grid: the bar of a run, or one of its steps. @internal */
export interface GridPlace {
  runId: string;
  /** Row of the step; -1 is the bar. */
  row: number;
}

/** Where a key leads from a place; undefined when it is no key of the grid. @internal */
export function placeAfterKey(
  key: string,
  from: GridPlace,
  columns: readonly GridColumn[],
): GridPlace | undefined {
  const column = columns.findIndex(({ run }) => run.id === from.runId);
  const lastRow = (columns[column]?.cells.length ?? 0) - 1;
  const at = (index: number, row: number): GridPlace => {
    const nearest = Math.min(Math.max(index, 0), columns.length - 1);
    return {
      runId: columns[nearest].run.id,
      row: Math.min(Math.max(row, -1), lastRow),
    };
  };
  switch (key) {
    case 'ArrowLeft':
      return at(column - 1, from.row);
    case 'ArrowRight':
      return at(column + 1, from.row);
    case 'ArrowUp':
      return at(column, from.row - 1);
    case 'ArrowDown':
      return at(column, from.row + 1);
    case 'Home':
      return at(0, from.row);
    case 'End':
      return at(columns.length - 1, from.row);
    default:
      return undefined;
  }
}

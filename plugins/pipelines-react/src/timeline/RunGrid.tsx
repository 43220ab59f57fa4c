import {
  memo,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type SyntheticEvent,
} from 'react';
import { Link } from 'react-router-dom';
import clsx from 'clsx';
import {
  isActiveRunState,
  type GridRun,
  type PipelineGrid,
  type RunState,
  type RunTrigger,
} from '@millrace/backstage-plugin-pipelines-common';
import { useNow } from '../live/useNow';
import { useText } from '../translation/useText';
import { formatDuration, formatNumber } from '../ui/format';
import { StateIcon } from '../ui/StateIcon';
import { STATE_SIGNS } from '../ui/stateSigns';
import tones from '../ui/tones.module.css';
import {
  BAND_HEIGHT,
  countStates,
  gridBarsOf,
  gridColumnsOf,
  placeAfterKey,
  runDurationOf,
  type GridBars,
  type GridColumn,
  type GridPlace,
} from './RunGrid.model';
import styles from './RunGrid.module.css';
import { RunGridTip } from './RunGridTip';
import { useHeldGrid } from './useHeldGrid';
import { useGridTexts } from './useGridTexts';

const BAR_ROW = -1;

// A grid can have thousands of squares, and the bars move every second.
const StepRow = memo(StepSquares);

/** Props of {@link RunGrid}. @public */
export interface RunGridProps {
  grid: PipelineGrid;
  /** Where a run is, or the log of one of its steps. */
  hrefOf(run: GridRun, step?: string): string;
  /** Where the runs of a state are. */
  hrefOfState(state: RunState, runs: readonly GridRun[]): string;
  /** The icon of what caused a run; not asked for scheduled ones. */
  iconOf?(trigger: RunTrigger): ReactNode;
}

/**
 * The runs of a pipeline side by side, newest at the right: above a bar for how long each took,
 * below a square for each step.
 *
 * @remarks
 * Arrow keys move over bars and squares, Home and End to the oldest and newest run. While the
 * pointer or the focus is in the grid, new runs wait behind a button.
 *
 * @public
 */
export function RunGrid(props: RunGridProps) {
  const t = useText();
  const [isInside, setInside] = useState(false);
  const { grid, newCount, letIn } = useHeldGrid(props.grid, isInside);
  return (
    <section
      aria-label={t('timeline.grid.title')}
      className={styles.frame}
      onPointerEnter={() => setInside(true)}
      onPointerLeave={event =>
        setInside(event.currentTarget.contains(document.activeElement))
      }
      onFocus={() => setInside(true)}
      onBlur={event =>
        setInside(event.currentTarget.contains(event.relatedTarget))
      }
    >
      <div className={styles.head}>
        <Counts runs={grid.runs} hrefOfState={props.hrefOfState} />
        {newCount > 0 && (
          <button type="button" className={styles.letIn} onClick={letIn}>
            {t('timeline.grid.newRuns', { count: newCount })}
          </button>
        )}
      </div>
      <Cells {...props} grid={grid} />
    </section>
  );
}

function Counts(props: {
  runs: readonly GridRun[];
  hrefOfState: RunGridProps['hrefOfState'];
}) {
  const t = useText();
  const { runs, hrefOfState } = props;
  return (
    <ul className={styles.counts} aria-label={t('timeline.grid.counts')}>
      {countStates(runs).map(([state, count]) => (
        <li key={state}>
          <Link to={hrefOfState(state, runs)}>
            <StateIcon state={state} size={14} />
            {t('timeline.grid.count', {
              number: formatNumber(count),
              state: t(`ui.state.${state}`).toLocaleLowerCase(),
            })}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Cells({ grid, hrefOf, iconOf }: RunGridProps) {
  const t = useText();
  const isGoingOn = grid.runs.some(run => isActiveRunState(run.state));
  const nowMs = useNow(isGoingOn ? 1_000 : 0);
  const columns = useMemo(() => gridColumnsOf(grid), [grid]);
  const bars = useMemo(() => gridBarsOf(grid.runs, nowMs), [grid, nowMs]);
  const frame = useRef<HTMLDivElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<GridPlace>();
  const [tip, setTip] = useState<GridPlace & { left: number; top: number }>();
  const newestId = grid.runs[0]?.id;
  useEffect(() => {
    if (scroll.current) {
      scroll.current.scrollLeft = scroll.current.scrollWidth;
    }
  }, [newestId, columns.length]);
  if (newestId === undefined) {
    return null;
  }
  const isThere =
    chosen !== undefined && columns.some(({ run }) => run.id === chosen.runId);
  const stop = isThere ? chosen : { runId: newestId, row: BAR_ROW };

  const showTip = (event: SyntheticEvent) => {
    const cell = cellOf(event.target);
    const box = frame.current?.getBoundingClientRect();
    if (!cell || !box) {
      setTip(undefined);
      return;
    }
    const { element, place } = cell;
    const rect = element.getBoundingClientRect();
    setTip({
      ...place,
      left: rect.left + rect.width / 2 - box.left,
      top: rect.bottom - box.top,
    });
    if (event.type === 'focus') {
      setChosen(place);
    }
  };
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const cell = cellOf(event.target);
    if (event.key === 'Escape') {
      setTip(undefined);
    }
    const next = cell && placeAfterKey(event.key, cell.place, columns);
    if (next) {
      event.preventDefault();
      setChosen(next);
      event.currentTarget.querySelector<HTMLElement>(selectorOf(next))?.focus();
    }
  };
  return (
    <div ref={frame} className={styles.body}>
      <div ref={scroll} className={styles.scroll}>
        <div
          role="grid"
          tabIndex={-1}
          aria-label={t('timeline.grid.label', { count: columns.length })}
          aria-colcount={columns.length + 1}
          aria-rowcount={grid.steps.length + 1}
          className={styles.grid}
          style={{ ['--columns' as string]: columns.length }}
          onKeyDown={move}
          onFocus={showTip}
          onBlur={() => setTip(undefined)}
          onMouseOver={showTip}
          onMouseLeave={() => setTip(undefined)}
        >
          <BarRow
            columns={columns}
            bars={bars}
            nowMs={nowMs}
            stopRunId={stop.row === BAR_ROW ? stop.runId : undefined}
            hrefOf={hrefOf}
            iconOf={iconOf}
          />
          {grid.steps.map((name, row) => (
            <StepRow
              key={name}
              name={name}
              row={row}
              columns={columns}
              stopRunId={stop.row === row ? stop.runId : undefined}
              hrefOf={hrefOf}
            />
          ))}
        </div>
      </div>
      {tip && <RunGridTip grid={grid} columns={columns} place={tip} />}
    </div>
  );
}

function BarRow(props: {
  columns: readonly GridColumn[];
  bars: GridBars;
  nowMs: number;
  stopRunId: string | undefined;
  hrefOf: RunGridProps['hrefOf'];
  iconOf: RunGridProps['iconOf'];
}) {
  const t = useText();
  const texts = useGridTexts();
  const { columns, bars, nowMs, stopRunId, hrefOf, iconOf } = props;
  const { p95Ms, longestMs } = bars;
  const p95Height =
    p95Ms !== undefined && longestMs > 0
      ? Math.round((p95Ms / longestMs) * BAND_HEIGHT)
      : undefined;
  return (
    <div role="row" className={clsx(styles.row, styles.band)}>
      <div role="rowheader" className={styles.name}>
        <span className={styles.duration}>{t('timeline.grid.duration')}</span>
        {p95Ms !== undefined && (
          <span
            className={styles.p95Text}
            style={{ ['--p95' as string]: `${p95Height ?? 0}px` }}
          >
            {t('timeline.grid.p95', { duration: formatDuration(p95Ms) })}
          </span>
        )}
      </div>
      {columns.map(({ run, hasNewSettings }) => (
        <div
          key={run.id}
          role="gridcell"
          className={clsx(styles.column, hasNewSettings && styles.newSettings)}
        >
          <Link
            to={hrefOf(run)}
            className={clsx(
              styles.bar,
              tones[STATE_SIGNS[run.state].tone],
              STATE_SIGNS[run.state].tone === 'negative' && styles.hatched,
              isActiveRunState(run.state) && styles.goingOn,
            )}
            style={{ height: bars.heights.get(run.id) }}
            tabIndex={run.id === stopRunId ? 0 : -1}
            data-run={run.id}
            data-row={BAR_ROW}
            aria-label={texts.run(
              run,
              runDurationOf(run, nowMs),
              hasNewSettings,
            )}
          />
          <span className={styles.trigger} aria-hidden="true">
            {run.trigger !== 'schedule' && iconOf?.(run.trigger)}
          </span>
        </div>
      ))}
      {p95Height !== undefined && (
        <div
          aria-hidden="true"
          className={styles.p95}
          style={{ ['--p95' as string]: `${p95Height}px` }}
        />
      )}
    </div>
  );
}

function StepSquares(props: {
  name: string;
  row: number;
  columns: readonly GridColumn[];
  stopRunId: string | undefined;
  hrefOf: RunGridProps['hrefOf'];
}) {
  const texts = useGridTexts();
  const { name, row, columns, stopRunId, hrefOf } = props;
  return (
    <div role="row" className={styles.row}>
      <div role="rowheader" className={styles.name} title={name}>
        {name}
      </div>
      {columns.map(({ run, cells, hasNewSettings }) => {
        const step = cells[row];
        const shared = {
          tabIndex: run.id === stopRunId ? 0 : -1,
          'data-run': run.id,
          'data-row': row,
          'aria-label': texts.step(run, name, step),
        };
        return (
          <div
            key={run.id}
            role="gridcell"
            className={clsx(
              styles.column,
              hasNewSettings && styles.newSettings,
            )}
          >
            {step ? (
              <Link
                {...shared}
                to={hrefOf(run, name)}
                className={clsx(
                  styles.square,
                  tones[STATE_SIGNS[step.state].tone],
                )}
              >
                <StateIcon state={step.state} size={12} />
              </Link>
            ) : (
              <span {...shared} role="img" className={styles.nothing} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function selectorOf({ runId, row }: GridPlace): string {
  return `[data-run="${runId}"][data-row="${row}"]`;
}

/** The bar or square that an event happened in. */
function cellOf(
  target: EventTarget,
): { element: Element; place: GridPlace } | undefined {
  const element =
    target instanceof Element
      ? target.closest<HTMLElement>('[data-run]')
      : null;
  return element
    ? {
        element,
        place: {
          runId: element.dataset.run ?? '',
          row: Number(element.dataset.row),
        },
      }
    : undefined;
}

import { useMemo, useState, type KeyboardEvent } from 'react';
import { Link } from 'react-router-dom';
import clsx from 'clsx';
import type { StatsHistory } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatNumber, formatShare } from '../ui/format';
import {
  HEAT_LEVELS,
  heatMapOf,
  levelOf,
  valueOf,
  type CalendarMetric,
  type HeatCell,
} from './CalendarHeatMap.model';
import styles from './CalendarHeatMap.module.css';

/** Props of {@link CalendarHeatMap}. @public */
export interface CalendarHeatMapProps {
  /** By day or by hour, not grouped. */
  history: StatsHistory;
  /** What the colour tells. */
  metric: CalendarMetric;
  /** The runs of a day or hour. */
  hrefOf(cell: { start: string; end: string }): string;
  /** Page keys: a period earlier or later. */
  onMove(direction: 1 | -1): void;
}

/**
 * The runs that ended, by day in weeks or by hour in days, the more the darker.
 *
 * @remarks
 * Arrow keys go from cell to cell, the page keys to another period. A cell in which something
 * failed has a corner of its own, whatever its colour tells.
 *
 * @public
 */
export function CalendarHeatMap(props: CalendarHeatMapProps) {
  const t = useText();
  const { history, metric, hrefOf, onMove } = props;
  const map = useMemo(() => heatMapOf(history), [history]);
  const cells = map.rows.flatMap(row => row.cells).filter(cell => !!cell);
  const most = Math.max(0, ...cells.map(cell => valueOf(cell, metric)));
  const isByDay = history.bucket === 'day';
  const [chosen, setChosen] = useState<string>();
  const stop = cells.some(({ start }) => start === chosen)
    ? chosen
    : cells.reduce(
        (newest, { start }) => (start > newest ? start : newest),
        '',
      );
  const format = useFormats(history);

  const move = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'PageUp' || event.key === 'PageDown') {
      event.preventDefault();
      onMove(event.key === 'PageUp' ? -1 : 1);
      return;
    }
    const focused = (event.target as HTMLElement).dataset.start;
    const next = neighbourOf(map.rows, focused, event.key);
    if (next) {
      event.preventDefault();
      setChosen(next.start);
      event.currentTarget
        .querySelector<HTMLElement>(`[data-start="${next.start}"]`)
        ?.focus();
    }
  };
  return (
    <div className={styles.frame}>
      <div className={styles.scroll}>
        <div
          role="grid"
          tabIndex={-1}
          aria-label={t(
            isByDay ? 'timeline.calendar.byDay' : 'timeline.calendar.byHour',
          )}
          className={clsx(styles.grid, metric !== 'total' && styles.negative)}
          onKeyDown={move}
        >
          <div role="row" className={styles.row}>
            <div role="columnheader" className={styles.head}>
              <span className={styles.hidden}>
                {t(
                  isByDay
                    ? 'timeline.calendar.weekday'
                    : 'timeline.calendar.day',
                )}
              </span>
            </div>
            {map.columns.map((column, index) => (
              <div
                key={column}
                role="columnheader"
                className={styles.columnHead}
              >
                {isByDay
                  ? format.month(
                      column,
                      map.columns[index - 1] ?? map.columns[index + 1],
                      index === 0,
                    )
                  : index % 3 === 0 && column}
              </div>
            ))}
          </div>
          {map.rows.map((row, index) => (
            <div key={row.at || index} role="row" className={styles.row}>
              <div role="rowheader" className={styles.head}>
                {row.at && (isByDay ? format.weekday : format.day)(row.at)}
              </div>
              {row.cells.map((cell, column) => (
                <div key={map.columns[column]} role="gridcell">
                  {cell && (
                    <Link
                      to={hrefOf(cell)}
                      className={clsx(
                        styles.cell,
                        styles[`level${levelOf(valueOf(cell, metric), most)}`],
                        metric === 'total' && cell.failed > 0 && styles.split,
                      )}
                      tabIndex={cell.start === stop ? 0 : -1}
                      data-start={cell.start}
                      title={format.name(cell)}
                      aria-label={format.name(cell)}
                    />
                  )}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
      <Legend metric={metric} most={most} />
    </div>
  );
}

function Legend({ metric, most }: { metric: CalendarMetric; most: number }) {
  const t = useText();
  const format = (value: number) =>
    metric === 'rate' ? formatShare(value) : formatNumber(Math.floor(value));
  const levels = Array.from({ length: HEAT_LEVELS }, (_, index) => index + 1)
    // With few runs several steps of colour would stand for the same number.
    .filter(
      level =>
        metric === 'rate' ||
        Math.floor((most * level) / HEAT_LEVELS) >
          Math.floor((most * (level - 1)) / HEAT_LEVELS),
    );
  return (
    <ul
      className={clsx(styles.legend, metric !== 'total' && styles.negative)}
      aria-label={t('timeline.calendar.legend')}
    >
      <li>
        <span className={clsx(styles.cell, styles.level0)} />
        {format(0)}
      </li>
      {most > 0 &&
        levels.map(level => (
          <li key={level}>
            <span className={clsx(styles.cell, styles[`level${level}`])} />
            {t('timeline.calendar.upTo', {
              value: format((most * level) / HEAT_LEVELS),
            })}
          </li>
        ))}
      {metric === 'total' && (
        <li>
          <span className={clsx(styles.cell, styles.level1, styles.split)} />
          {t('timeline.calendar.someFailed')}
        </li>
      )}
    </ul>
  );
}

function useFormats({ timezone, bucket }: StatsHistory) {
  const t = useText();
  return useMemo(() => {
    const make = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(undefined, {
        timeZone: timezone,
        ...options,
      });
      return (at: string) => format.format(new Date(at));
    };
    const month = make({ month: 'short' });
    const when = make({
      weekday: 'short',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      ...(bucket === 'hour' && {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    });
    return {
      weekday: make({ weekday: 'short' }),
      day: make({ weekday: 'short', month: 'short', day: 'numeric' }),
      /** Written above its first week; above the first of all only where there is room for it. */
      month: (at: string, beside: string | undefined, isFirst: boolean) => {
        const isSame = beside !== undefined && month(beside) === month(at);
        return isSame === isFirst ? month(at) : '';
      },
      name: ({ start, total, failed }: HeatCell) =>
        t('timeline.calendar.cell', {
          when: when(start),
          runs: formatNumber(total),
          failed: formatNumber(failed),
        }),
    };
  }, [timezone, bucket, t]);
}

/** The next cell in the direction of an arrow key. */
function neighbourOf(
  rows: readonly { cells: (HeatCell | undefined)[] }[],
  start: string | undefined,
  key: string,
): HeatCell | undefined {
  const steps: Record<string, [down: number, right: number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const row = rows.findIndex(({ cells }) =>
    cells.some(cell => cell?.start === start),
  );
  const step = steps[key];
  if (!step || row < 0) {
    return undefined;
  }
  const column = rows[row].cells.findIndex(cell => cell?.start === start);
  return rows[row + step[0]]?.cells[column + step[1]];
}

import {
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
} from 'react';
import { useBreakpoint } from '@backstage/ui';
import type { Timeline } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import {
  linesOf,
  type TimelineBar,
  type TimeScale,
} from './FleetTimeline.model';
import styles from './FleetTimeline.module.css';
import { TimelineAxis } from './TimelineAxis';
import { MergedRuns } from './TimelineMergedRuns';
import { OwnerRow, PipelineRow } from './TimelineRow';
import { useRowsInSight } from './useRowsInSight';
import { useTimelineInput } from './useTimelineInput';
import { useTrackWidth } from './useTrackWidth';

const ROW_HEIGHT = 32;
/** With the label above the row. */
const NARROW_ROW_HEIGHT = 60;
const OWNER_HEIGHT = 32;

/** The part of time that is in sight, in ms since the epoch. @public */
export interface TimelineView {
  fromMs: number;
  toMs: number;
}

/** Props of {@link FleetTimeline}. @public */
export interface FleetTimelineProps {
  timeline: Timeline;
  view: TimelineView;
  nowMs: number;
  /** Called with how far to go, ms; later is positive. */
  onPan(byMs: number): void;
  onZoom(direction: 'in' | 'out'): void;
  hrefOfRun(runId: string): string;
  hrefOfPipeline(pipelineId: string): string;
  hrefOfSchedule(pipelineId: string): string;
  /** The runs of a pipeline that were submitted in a span of time. */
  hrefOfRuns(pipelineId: string, fromMs: number, toMs: number): string;
  /** How an owner is called; undefined is nobody. */
  nameOfOwner(owner: string | undefined): ReactNode;
}

/** Several runs that were drawn as one bar, of which somebody wants to know more. */
interface OpenedBar {
  pipelineId: string;
  bar: TimelineBar;
  element: HTMLElement;
}

/**
 * All pipelines as rows on one axis of time, below their owners: what they executed, what goes
 * on, and what is planned.
 *
 * @remarks
 * Only the rows in sight are drawn, and runs that cannot be told apart are one bar, so the number
 * of runs does not matter. It is moved by dragging, by a wheel, and by the left and right keys;
 * with Ctrl the wheel zooms. Up and down keys go from row to row; on a bar, left and right go to
 * the next one first.
 *
 * @public
 */
export function FleetTimeline(props: FleetTimelineProps) {
  const t = useText();
  const { timeline, view, nowMs, onPan } = props;
  const isNarrow = useBreakpoint().down('sm');
  const frame = useRef<HTMLDivElement>(null);
  const width = useTrackWidth(frame);
  const viewMs = view.toMs - view.fromMs;
  const originMs = Date.parse(timeline.from);
  const scale = useMemo<TimeScale>(
    () => ({ originMs, pxPerMs: width / viewMs }),
    [originMs, width, viewMs],
  );
  const shift = (originMs - view.fromMs) * scale.pxPerMs;

  const lines = useMemo(() => linesOf(timeline), [timeline]);
  const heights = useMemo(
    () =>
      lines.map(({ kind }) => {
        const ofPipelines = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
        return kind === 'owner' ? OWNER_HEIGHT : ofPipelines;
      }),
    [lines, isNarrow],
  );
  const { rows, totalHeight, onScroll } = useRowsInSight(heights);
  const [stop, setStop] = useState<string>();
  const [opened, setOpened] = useState<OpenedBar>();
  // Only what is drawn can be reached with the Tab key
  const drawn = rows.flatMap(({ index }) => {
    const line = lines[index];
    return line.kind === 'pipeline' ? [line.pipeline.id] : [];
  });
  const stopId = stop && drawn.includes(stop) ? stop : drawn[0] ?? '';

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    const isUpOrDown = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    const step = event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 1;
    if (isSideways) {
      event.preventDefault();
      if (!focusNeighbourBar(event.target, step)) {
        onPan((step * viewMs) / 4);
      }
    } else if (isUpOrDown) {
      event.preventDefault();
      const next = pipelineAfter(lines, stopId, step);
      if (next) {
        setStop(next);
        frame.current
          ?.querySelector<HTMLElement>(`[data-label="${next}"]`)
          ?.focus();
      }
    }
  };
  useTimelineInput({ ...props, frame, shift, pxPerMs: scale.pxPerMs, onKey });
  return (
    <section
      ref={frame}
      aria-label={t('timeline.fleet.title')}
      className={styles.frame}
      style={{ ['--shift' as string]: `${shift}px` } as CSSProperties}
      onFocus={event => {
        const row = event.target.closest<HTMLElement>('[data-pipeline]');
        if (row) {
          setStop(row.dataset.pipeline);
        }
      }}
    >
      <TimelineAxis timeline={timeline} scale={scale} nowMs={nowMs} />
      <div className={styles.scroll} onScroll={onScroll}>
        <ul
          className={styles.rows}
          aria-label={t('timeline.fleet.rows')}
          style={{ height: totalHeight }}
        >
          {rows.map(({ index, top, height }) => {
            const line = lines[index];
            return (
              <li
                key={index}
                aria-setsize={lines.length}
                aria-posinset={index + 1}
                className={styles.line}
                style={{
                  height,
                  top,
                }}
              >
                {line.kind === 'owner' ? (
                  <OwnerRow
                    name={props.nameOfOwner(line.owner)}
                    pipelines={line.pipelines}
                    view={view}
                  />
                ) : (
                  <PipelineRow
                    {...props}
                    pipeline={line.pipeline}
                    scale={scale}
                    nowMs={
                      line.pipeline.runs.some(({ end }) => end === undefined) ||
                      line.pipeline.planned.length > 0
                        ? nowMs
                        : 0
                    }
                    isStop={line.pipeline.id === stopId}
                    onOpen={(bar, element) =>
                      setOpened({
                        pipelineId: line.pipeline.id,
                        bar,
                        element,
                      })
                    }
                  />
                )}
              </li>
            );
          })}
        </ul>
      </div>
      {opened && (
        <MergedRuns
          {...opened}
          nowMs={nowMs}
          hrefOfRun={props.hrefOfRun}
          hrefOfRuns={props.hrefOfRuns}
          onClose={() => setOpened(undefined)}
        />
      )}
    </section>
  );
}

/** Whether there is a bar beside the one that has the focus, which then gets it. */
function focusNeighbourBar(target: EventTarget | null, step: number): boolean {
  const bar =
    target instanceof Element
      ? target.closest<HTMLElement>('[data-bar]')
      : null;
  const bars = [
    ...(bar
      ?.closest('[data-pipeline]')
      ?.querySelectorAll<HTMLElement>('[data-bar]') ?? []),
  ];
  const next = bar ? bars[bars.indexOf(bar) + step] : undefined;
  next?.focus();
  return next !== undefined;
}

function pipelineAfter(
  lines: ReturnType<typeof linesOf>,
  pipelineId: string,
  step: number,
): string | undefined {
  const current = lines.findIndex(
    line => line.kind === 'pipeline' && line.pipeline.id === pipelineId,
  );
  for (let index = current + step; lines[index]; index += step) {
    const line = lines[index];
    if (line.kind === 'pipeline') {
      return line.pipeline.id;
    }
  }
  return undefined;
}

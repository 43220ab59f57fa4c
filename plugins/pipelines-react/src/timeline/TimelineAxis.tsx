import type { Timeline } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { axisOf, type TimeScale } from './FleetTimeline.model';
import styles from './FleetTimeline.module.css';

/** The days and hours above a timeline, and the lines through it; the rows tell the times themselves. @internal */
export function TimelineAxis(props: {
  timeline: Timeline;
  scale: TimeScale;
  nowMs: number;
}) {
  const t = useText();
  const { timeline, scale, nowMs } = props;
  const ticks = axisOf(
    Date.parse(timeline.from),
    Date.parse(timeline.to),
    scale,
  );
  const nowLeft = (nowMs - scale.originMs) * scale.pxPerMs;
  return (
    <>
      <div className={styles.axis} aria-hidden="true">
        <div className={styles.track} data-track="">
          <div className={styles.layer}>
            {ticks.map(({ atMs, left, isNewDay }) => (
              <span key={atMs} className={styles.tick} style={{ left }}>
                <b>{isNewDay && dayOf(atMs)}</b>
                {hourOf(atMs)}
              </span>
            ))}
            <span className={styles.nowTag} style={{ left: nowLeft }}>
              {t('timeline.fleet.now')}
            </span>
          </div>
        </div>
      </div>
      <div className={styles.lines} aria-hidden="true">
        <div className={styles.layer}>
          {ticks.map(({ atMs, left }) => (
            <span key={atMs} className={styles.divider} style={{ left }} />
          ))}
          <span className={styles.nowLine} style={{ left: nowLeft }} />
        </div>
      </div>
    </>
  );
}

function dayOf(atMs: number): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
  }).format(atMs);
}

function hourOf(atMs: number): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs);
}

import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { Popover } from '@backstage/ui';
import { useText } from '../translation/useText';
import { formatClock, formatDuration, formatNumber } from '../ui/format';
import { RunStateBadge } from '../ui/RunStateBadge';
import type { FleetTimelineProps } from './FleetTimeline';
import { isFailed, type TimelineBar } from './FleetTimeline.model';
import styles from './FleetTimeline.module.css';

/** Runs of a bar that are named; what failed comes first. */
const MOST_NAMED = 12;

/** The runs that are drawn as one bar. @internal */
export function MergedRuns(
  props: Pick<FleetTimelineProps, 'hrefOfRun' | 'hrefOfRuns' | 'nowMs'> & {
    pipelineId: string;
    bar: TimelineBar;
    element: HTMLElement;
    onClose(): void;
  },
) {
  const t = useText();
  const { pipelineId, bar, element, nowMs } = props;
  const trigger = useMemo(() => ({ current: element }), [element]);
  const { runs } = bar;
  const named = [...runs]
    .sort(
      (a, b) =>
        Number(isFailed(b.state)) - Number(isFailed(a.state)) ||
        b.start - a.start,
    )
    .slice(0, MOST_NAMED);
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      placement="bottom"
      aria-label={t('timeline.fleet.merged', {
        number: formatNumber(runs.length),
      })}
    >
      <ul className={styles.merged}>
        {named.map(run => (
          <li key={run.id}>
            <RunStateBadge state={run.state} />
            <Link to={props.hrefOfRun(run.id)}>{formatClock(run.start)}</Link>
            {formatDuration((run.end ?? nowMs) - run.start)}
          </li>
        ))}
      </ul>
      <Link
        to={props.hrefOfRuns(
          pipelineId,
          runs[0].start,
          runs[runs.length - 1].start,
        )}
      >
        {t('timeline.fleet.mergedAll', { number: formatNumber(runs.length) })}
      </Link>
    </Popover>
  );
}

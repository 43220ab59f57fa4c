import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FailureActivity } from '@millrace/backstage-plugin-pipelines-common';
import { formatClock } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './ActivityBars.module.css';

const HEIGHT = 100;
/** A single run among many is still to be seen. */
const LEAST_HEIGHT = 8;
const GAP = 0.2;

/** How often a failure occurred in each span of the period, as bars without axes. */
export function ActivityBars(props: {
  activity: FailureActivity;
  isLarge?: boolean;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { counts, from } = props.activity;
  const most = Math.max(...counts, 1);
  const label = t('failures.activity', {
    count: counts.reduce((sum, count) => sum + count, 0),
    time: formatClock(from),
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${counts.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`${styles.bars} ${props.isLarge ? styles.large : ''}`}
    >
      <title>{label}</title>
      <line
        className={styles.base}
        x1={0}
        x2={counts.length}
        y1={HEIGHT}
        y2={HEIGHT}
      />
      {counts.map((count, index) => {
        const height = count && Math.max(LEAST_HEIGHT, (count / most) * HEIGHT);
        return (
          <rect
            key={index}
            className={styles.bar}
            x={index + GAP / 2}
            width={1 - GAP}
            y={HEIGHT - height}
            height={height}
          />
        );
      })}
    </svg>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowRightSFill, RiPauseMiniFill } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { runTimes } from '../runTimes';
import styles from './RunDuration.module.css';

const SECOND_MS = 1_000;

/**
 * How long a run waited and how long it executed, and apart from that how long it stood still:
 * `12 s ▸ 1 m 30 s ⏸ 20 s`; ticks while it is not over.
 */
export function RunDuration({ run }: { run: Run }) {
  const isTicking = !isTerminalRunState(run.state);
  const nowMs = useNow(isTicking ? SECOND_MS : 0);
  const { waitedMs, ranMs, pausedMs } = runTimes(run, nowMs);
  const isWaiting = ranMs === undefined;
  return (
    <span className={styles.duration}>
      <span className={isWaiting ? undefined : styles.wait}>
        {formatDuration(waitedMs, { whole: isWaiting && isTicking })}
      </span>
      <RiArrowRightSFill
        size={14}
        aria-hidden="true"
        className={styles.arrow}
      />
      <span>
        {isWaiting ? '–' : formatDuration(ranMs, { whole: isTicking })}
      </span>
      <PausedTime pausedMs={pausedMs} isTicking={isTicking} />
    </span>
  );
}

/** How long a run executed, and apart from that how long it stood still. */
export function RanDuration({ run }: { run: Run }) {
  const isTicking = !isTerminalRunState(run.state);
  const nowMs = useNow(isTicking ? SECOND_MS : 0);
  const { ranMs = 0, pausedMs } = runTimes(run, nowMs);
  return (
    <span className={styles.duration}>
      {formatDuration(ranMs, { whole: isTicking })}
      <PausedTime pausedMs={pausedMs} isTicking={isTicking} />
    </span>
  );
}

function PausedTime(props: {
  pausedMs: number | undefined;
  isTicking: boolean;
}) {
  const { pausedMs, isTicking } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (pausedMs === undefined) {
    return null;
  }
  const duration = formatDuration(pausedMs, { whole: isTicking });
  const text = t('run.stoodStill', { duration });
  return (
    <span className={styles.paused} role="img" aria-label={text} title={text}>
      <RiPauseMiniFill size={14} aria-hidden="true" />
      {duration}
    </span>
  );
}

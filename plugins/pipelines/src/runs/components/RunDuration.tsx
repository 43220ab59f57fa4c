import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { isTerminalRunState } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowRightSFill } from '@remixicon/react';
import { runTimes } from '../runTimes';
import styles from './RunDuration.module.css';

const SECOND_MS = 1_000;

/** How long a run waited and how long it executed: `12 s ▸ 1 m 30 s`; ticks while it is not over. */
export function RunDuration({ run }: { run: Run }) {
  const isTicking = !isTerminalRunState(run.state);
  const nowMs = useNow(isTicking ? SECOND_MS : 0);
  const { waitedMs, ranMs } = runTimes(run, nowMs);
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
    </span>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  isActiveRunState,
  isTerminalRunState,
  type RunDetail,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  RunStateBadge,
  TimeText,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { RunProgress } from '../components/RunProgress';
import { runTimes } from '../runTimes';
import styles from './RunLife.module.css';

const SECOND_MS = 1_000;

/** A state that the run was in, or is in now. */
function Station({ state, isNow }: { state: RunState; isNow: boolean }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (isNow) {
    return <RunStateBadge state={state} />;
  }
  return (
    <span className={styles.past}>
      {state === 'queued' ? t('run.lifeQueued') : t('run.lifeRunning')}
    </span>
  );
}

/** How the run came to where it is: queued, running, over, with the time that each took. */
export function RunLife({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const isOver = isTerminalRunState(run.state);
  const nowMs = useNow(isOver ? 0 : SECOND_MS);
  const { waitedMs, ranMs, pausedMs } = runTimes(run, nowMs);
  const whole = !isOver;
  return (
    <div className={styles.life}>
      <ol className={styles.stations} aria-label={t('run.life')}>
        <li className={styles.station}>
          <Station state="queued" isNow={run.state === 'queued'} />
          <TimeText at={run.queuedAt} />
        </li>
        <li className={styles.way}>
          {t('run.waited', {
            duration: formatDuration(waitedMs, { whole: whole && !ranMs }),
          })}
        </li>
        {run.startedAt && (
          <>
            <li className={styles.station}>
              <Station state={isOver ? 'running' : run.state} isNow={!isOver} />
              <TimeText at={run.startedAt} />
            </li>
            <li className={styles.way}>
              {t('run.ran', {
                duration: formatDuration(ranMs ?? 0, { whole }),
              })}
              {pausedMs !== undefined && (
                <span className={styles.paused}>
                  {t('run.stoodStill', {
                    duration: formatDuration(pausedMs, { whole }),
                  })}
                </span>
              )}
            </li>
          </>
        )}
        {isOver && (
          <li className={styles.station}>
            <Station state={run.state} isNow />
            <TimeText at={run.finishedAt} />
          </li>
        )}
      </ol>
      {isActiveRunState(run.state) && run.startedAt && (
        <div className={styles.progress}>
          <RunProgress run={run} />
        </div>
      )}
    </div>
  );
}

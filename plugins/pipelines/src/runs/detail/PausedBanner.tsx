import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  TimeText,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { runTimes } from '../runTimes';
import styles from './RunBanner.module.css';

/** That a run is held, stands still, or that its next attempt is held; by whom, since when, and why. */
export function PausedBanner({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const nowMs = useNow();
  const request = run.pauseRequest;
  const { pausedMs } = runTimes(run, nowMs);
  const { title, text } = useMeaning(run);
  return (
    <Alert
      status="warning"
      icon
      title={title}
      description={
        <span className={styles.text}>
          {request &&
            t('notice.byWhom', {
              actor: <ActorName actor={request.by} />,
              age: <TimeText at={request.at} />,
            })}{' '}
          {request?.reason &&
            t('banner.cancellingReason', { reason: request.reason })}
          {text && <span className={styles.line}>{text}</span>}
          {pausedMs !== undefined && run.state === 'paused' && (
            <span className={styles.line}>
              {t('notice.stoodStill', {
                duration: formatDuration(pausedMs, { whole: true }),
              })}
            </span>
          )}
        </span>
      }
    />
  );
}

function useMeaning({ state }: RunDetail): { title: string; text?: string } {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  switch (state) {
    case 'queued':
      return { title: t('notice.held'), text: t('notice.heldText') };
    case 'paused':
      return { title: t('notice.paused') };
    case 'pausing':
      return { title: t('notice.pausing') };
    default:
      return { title: t('notice.nextHeld'), text: t('notice.nextHeldText') };
  }
}

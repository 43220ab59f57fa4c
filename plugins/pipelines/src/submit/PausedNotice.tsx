import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type {
  Pause,
  Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatExactTime,
  TimeText,
  useQueue,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { ActorName } from '../ui/ActorName';
import styles from './RunDialog.module.css';

/** Says before a run is submitted that it will not start, because its pipeline or the queue is paused. */
export function PausedNotice({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const queuePause = useQueue().data?.paused;
  return (
    <>
      {pipeline.paused && (
        <PauseAlert
          title={t('submit.pipelinePaused')}
          pause={pipeline.paused}
        />
      )}
      {queuePause && (
        <PauseAlert title={t('submit.queuePaused')} pause={queuePause} />
      )}
    </>
  );
}

function PauseAlert({ title, pause }: { title: string; pause: Pause }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { by, at, until, reason } = pause;
  return (
    <Alert
      status="warning"
      icon
      title={title}
      description={
        <>
          {t('submit.pausedBy', {
            actor: <ActorName actor={by} />,
            age: <TimeText at={at} />,
          })}
          {reason && <span className={styles.line}>{reason}</span>}
          {until && (
            <span className={styles.line}>
              {t('submit.pausedUntil', { time: formatExactTime(until) })}
            </span>
          )}
        </>
      }
    />
  );
}

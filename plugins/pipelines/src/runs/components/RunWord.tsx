import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  isActiveRunState,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { RunProgress } from './RunProgress';
import styles from './RunWord.module.css';

/**
 * What there is to say about a run: how far it is, why it did not succeed, or what it waits for
 * where that is the run itself.
 */
export function RunWord({ run }: { run: Run }) {
  if (isActiveRunState(run.state) && run.startedAt) {
    return <RunProgress run={run} />;
  }
  const reason = run.error?.message ?? run.cancelRequest?.reason;
  if (reason) {
    return (
      <span className={styles.reason} title={reason}>
        {reason}
      </span>
    );
  }
  return run.state === 'queued' ? (
    <QueuedWord run={run} />
  ) : (
    <span className={styles.summary} title={run.summary}>
      {run.summary}
    </span>
  );
}

function QueuedWord({ run }: { run: Run }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (run.pauseRequest) {
    const { reason } = run.pauseRequest;
    return (
      <span className={styles.summary} title={reason}>
        {reason ? t('runs.heldBecause', { reason }) : t('runs.held')}
      </span>
    );
  }
  return run.runAt && Date.parse(run.runAt) > Date.now() ? (
    <span className={styles.summary}>
      {t('runs.startsAt', { time: <TimeText at={run.runAt} /> })}
    </span>
  ) : null;
}

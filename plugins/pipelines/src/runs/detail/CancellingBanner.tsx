import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { legalActions } from '../actions/legalActions';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import styles from './RunBanner.module.css';
import { RunActionButton } from './RunActions';

/** Who asked for the end of the run, how much of its grace is left, and the way to end it at once. */
export function CancellingBanner(props: {
  run: RunDetail;
  begin: BeginRunAction;
}) {
  const { run, begin } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const nowMs = useNow();
  const request = run.cancelRequest;
  if (!request) {
    return <Alert status="warning" icon title={t('banner.cancelling')} />;
  }
  const elapsedMs = Math.max(0, nowMs - Date.parse(request.at));
  const leftMs = request.force ? 0 : run.stopGraceSeconds * 1_000 - elapsedMs;
  return (
    <Alert
      status="warning"
      icon
      title={t('banner.cancelling')}
      description={
        <span className={styles.text}>
          {t('banner.cancellingText', {
            by: <ActorName actor={request.by} />,
            elapsed: formatDuration(elapsedMs, { whole: true }),
          })}{' '}
          {request.reason &&
            t('banner.cancellingReason', { reason: request.reason })}
          <span className={styles.line}>
            {leftMs > 0
              ? t('banner.graceLeft', {
                  left: formatDuration(leftMs, { whole: true }),
                })
              : t('banner.graceOver')}
          </span>
        </span>
      }
      customActions={
        legalActions(run, nowMs).includes('kill') && (
          <RunActionButton run={run} action="kill" begin={begin} />
        )
      }
    />
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import type {
  RunDetail,
  RunError,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import styles from './RunBanner.module.css';

/** What {@link RunBanner} shows. */
export interface RunBannerProps {
  run: RunDetail;
  /** Where the end of the log is. */
  logHref: string;
}

/** What a person must know about the run before anything else; nothing for most runs. */
export function RunBanner({ run, logHref }: RunBannerProps) {
  switch (run.state) {
    case 'failed':
    case 'timed_out':
    case 'lost':
      return <FailureBanner run={run} logHref={logHref} />;
    case 'cancelling':
      return <CancellingBanner run={run} />;
    case 'cancelled':
      return <CancelledBanner run={run} />;
    default:
      return null;
  }
}

function FailureBanner({ run, logHref }: RunBannerProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const kind = useErrorKind(run.error);
  const isLost = run.state === 'lost';
  const message = run.error?.message ?? t('overview.noReason');
  return (
    <Alert
      status="danger"
      icon
      title={useFailureTitle(run)}
      description={
        <span className={styles.text}>
          {kind && <strong>{kind}: </strong>}
          <span className={styles.message}>{message}</span>
          {run.attempt > 0 && (
            <Link href={logHref} className={styles.line}>
              {t('banner.openLog')}
            </Link>
          )}
          {isLost && (
            <span className={styles.line}>{t('banner.lostText')}</span>
          )}
        </span>
      }
    />
  );
}

function useFailureTitle({ state, error }: RunDetail): string {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const step = error?.step;
  if (state === 'lost') {
    return t('banner.lost');
  }
  if (state === 'timed_out') {
    return step ? t('banner.timedOutAt', { step }) : t('banner.timedOut');
  }
  return step ? t('banner.failedAt', { step }) : t('banner.failed');
}

/** Kinds whose messages do not say of themselves what happened. */
const NAMED_KINDS = ['timeout', 'spawn', 'engine'] as const;

function useErrorKind(error: RunError | undefined): string | undefined {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const kind = NAMED_KINDS.find(name => name === error?.kind);
  return kind && t(`banner.kind.${kind}`);
}

function CancellingBanner({ run }: { run: RunDetail }) {
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
            by: request.by,
            elapsed: formatDuration(elapsedMs),
          })}{' '}
          {request.reason &&
            t('banner.cancellingReason', { reason: request.reason })}
          <span className={styles.line}>
            {leftMs > 0
              ? t('banner.graceLeft', { left: formatDuration(leftMs) })
              : t('banner.graceOver')}
          </span>
        </span>
      }
    />
  );
}

function CancelledBanner({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const request = run.cancelRequest;
  if (!request) {
    return null;
  }
  return (
    <Alert
      status="info"
      icon
      title={t('banner.cancelled')}
      description={
        <span className={styles.text}>
          <ActorName actor={request.by} />
          {request.reason && `: ${request.reason}`}
        </span>
      }
    />
  );
}

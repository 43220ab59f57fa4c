import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import type {
  RunDetail,
  RunError,
} from '@millrace/backstage-plugin-pipelines-common';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { RunFailureLine } from '../../failures/components/RunFailureLine';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { useRunLinks } from '../../ui/RunLinks';
import { isPausedOrHeld } from '../actions/legalActions';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import { compareSearch } from '../compare';
import { CancellingBanner } from './CancellingBanner';
import { PausedBanner } from './PausedBanner';
import { RunActionButton } from './RunActions';
import styles from './RunBanner.module.css';
import { WaitingBanner } from './WaitingBanner';

/** What {@link RunBanner} shows. */
export interface RunBannerProps {
  run: RunDetail;
  /** Where the end of the log is. */
  logHref: string;
  begin: BeginRunAction;
}

/** What a person must know about the run before anything else; nothing for most runs. */
export function RunBanner(props: RunBannerProps) {
  const { run, begin } = props;
  if (run.state !== 'cancelling' && isPausedOrHeld(run)) {
    return <PausedBanner run={run} />;
  }
  switch (run.state) {
    case 'failed':
    case 'timed_out':
    case 'lost':
      return <FailureBanner {...props} />;
    case 'cancelling':
      return <CancellingBanner run={run} begin={begin} />;
    case 'cancelled':
      return <CancelledBanner run={run} />;
    case 'queued':
      return run.waiting ? <WaitingBanner waiting={run.waiting} /> : null;
    default:
      return null;
  }
}

function FailureBanner({ run, logHref, begin }: RunBannerProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
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
          <RunFailureLine runId={run.id} className={styles.line} />
          {run.attempt > 0 && (
            <span className={styles.links}>
              <Link href={logHref}>{t('banner.openLog')}</Link>
              <Link href={links.compare(compareSearch({ b: run.id }))}>
                {t('banner.compare')}
              </Link>
            </span>
          )}
          {isLost && (
            <span className={styles.line}>{t('banner.lostText')}</span>
          )}
          {run.quarantinedAt && (
            <span className={styles.line}>
              <strong>{t('notice.quarantined')}</strong>{' '}
              <TimeText at={run.quarantinedAt} />: {t('notice.quarantinedText')}
            </span>
          )}
        </span>
      }
      customActions={
        run.quarantinedAt && (
          <RunActionButton run={run} action="retry" begin={begin} />
        )
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

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Pause } from '@millrace/backstage-plugin-pipelines-common';
import { formatClock } from '@millrace/backstage-plugin-pipelines-react';
import { RiPauseCircleFill } from '@remixicon/react';
import { pipelinesTranslationRef } from '../translation';
import styles from './PausedTag.module.css';

/** Says that a pipeline is paused, with who, until when and why as its title. */
export function PausedTag({ pause }: { pause: Pause }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { by, at, until, reason } = pause;
  const title = [
    t('pipeline.pausedBy', { by, time: formatClock(at) }),
    until && t('pipeline.pausedUntil', { time: formatClock(until) }),
    reason,
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <span className={styles.tag} title={title}>
      <RiPauseCircleFill size={14} aria-hidden />
      {t('queue.pipelines.paused')}
    </span>
  );
}

import type { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Waiting } from '@millrace/backstage-plugin-pipelines-common';
import { formatAge, useNow } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import styles from './WaitingText.module.css';

/** Why a queued run has not started, in words and numbers, and why somebody wanted that. */
export function WaitingText({ waiting }: { waiting: Waiting }) {
  const { pauseReason } = waiting;
  return (
    <span className={styles.waiting}>
      <span>{useWords(waiting)}</span>
      {pauseReason && (
        <span className={styles.reason} title={pauseReason}>
          {pauseReason}
        </span>
      )}
    </span>
  );
}

function useWords(waiting: Waiting): ReactNode {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const now = useNow(waiting.until === undefined ? 0 : 1_000);
  const { reason, active, max, key = '', until } = waiting;
  const numbers = { active: String(active ?? 0), max: String(max ?? 0) };
  const by = <Who actor={waiting.by} />;
  const left = until ? Date.parse(until) - now : 0;
  switch (reason) {
    case 'held':
      return t('queue.waiting.held', { by });
    case 'start-time':
      return t('queue.waiting.startTime', {
        when:
          left > 0
            ? t('queue.waiting.startsAt', { left: formatAge(left) })
            : t('queue.waiting.startsNow'),
      });
    case 'queue-paused':
    case 'pipeline-paused': {
      const paused =
        reason === 'queue-paused'
          ? t('queue.waiting.queuePaused', { by })
          : t('queue.waiting.pipelinePaused', { by });
      return left > 0
        ? t('queue.waiting.pausedUntil', { paused, left: formatAge(left) })
        : paused;
    }
    case 'no-worker':
      return t('queue.waiting.noWorker');
    case 'queue-limit':
      return t('queue.waiting.queueLimit', numbers);
    case 'pipeline-limit':
      return t('queue.waiting.pipelineLimit', numbers);
    case 'key-limit':
      return t('queue.waiting.keyLimit', { ...numbers, key });
    default:
      return t('queue.waiting.slot');
  }
}

function Who({ actor }: { actor: string | undefined }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return actor ? (
    <ActorName actor={actor} />
  ) : (
    <>{t('queue.waiting.somebody')}</>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Waiting } from '@millrace/backstage-plugin-pipelines-common';
import { formatAge, useNow } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

/** Why a queued run has not started, in words and numbers. */
export function WaitingText({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const now = useNow(waiting.until === undefined ? 0 : 1_000);
  const { active, max, key, until } = waiting;
  const numbers = { active: String(active ?? 0), max: String(max ?? 0) };
  const by = waiting.by?.replace(/^[a-z]+:([^/]+\/)?/i, '');
  const who = by ?? t('queue.waiting.somebody');
  const left = until ? Date.parse(until) - now : undefined;
  const paused = (text: string) =>
    left !== undefined && left > 0
      ? t('queue.waiting.pausedUntil', { paused: text, left: formatAge(left) })
      : text;
  const texts: Record<Waiting['reason'], () => string> = {
    held: () => t('queue.waiting.held', { by: who }),
    'start-time': () =>
      t('queue.waiting.startTime', {
        when:
          left !== undefined && left > 0
            ? t('queue.waiting.startsAt', { left: formatAge(left) })
            : t('queue.waiting.startsNow'),
      }),
    'queue-paused': () => paused(t('queue.waiting.queuePaused', { by: who })),
    'pipeline-paused': () =>
      paused(t('queue.waiting.pipelinePaused', { by: who })),
    'no-worker': () => t('queue.waiting.noWorker'),
    'queue-limit': () => t('queue.waiting.queueLimit', numbers),
    'pipeline-limit': () => t('queue.waiting.pipelineLimit', numbers),
    'key-limit': () =>
      t('queue.waiting.keyLimit', { ...numbers, key: key ?? '' }),
    slot: () => t('queue.waiting.slot'),
  };
  return <span>{texts[waiting.reason]()}</span>;
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type {
  Pause,
  Queue,
  Worker,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatAge,
  formatClock,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';

/** What keeps everything from starting: a pause of the queue, or that nobody works; else nothing. */
export function QueueBanner(props: { queue: Queue; workers?: Worker[] }) {
  const { queue, workers } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const nobodyWorks =
    queue.queued > 0 &&
    workers !== undefined &&
    workers.every(({ state }) => state !== 'active');
  return (
    <>
      {queue.paused && (
        <Alert
          status="warning"
          icon
          title={t('queue.banner.paused')}
          description={<PauseText pause={queue.paused} />}
        />
      )}
      {nobodyWorks && (
        <Alert
          status="danger"
          icon
          title={t('queue.banner.noWorker', { count: queue.queued })}
          description={t('queue.banner.noWorkerText')}
        />
      )}
    </>
  );
}

/** Who paused, since when and until when, what scheduled runs do, and why. */
export function PauseText({ pause }: { pause: Pause }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const now = useNow(1_000);
  const { by, at, until, reason, scheduledRuns } = pause;
  const [before, after] = t('queue.banner.since', {
    by: '\u0000',
    age: formatAge(now - Date.parse(at)),
  }).split('\u0000');
  const sentences = [
    until
      ? t('queue.banner.until', {
          time: formatClock(until, now),
          left: formatAge(Date.parse(until) - now),
        })
      : t('queue.banner.untilResumed'),
    t(`queue.banner.${scheduledRuns}` as const),
    reason ? t('queue.banner.reason', { reason }) : '',
  ];
  return (
    <span>
      {before}
      <ActorName actor={by} />
      {after} {sentences.filter(Boolean).join(' ')}
    </span>
  );
}

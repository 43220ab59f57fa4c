import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  LEASED_RUN_STATES,
  type Queue,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  formatNumber,
  KpiTile,
  useNow,
} from '@millrace/backstage-plugin-pipelines-react';
import { runsSearch } from '../../runs/runsUrl';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import styles from './QueueTiles.module.css';

/** The four numbers of the queue; the longest wait grows by the second. */
export function QueueTiles({
  queue,
  readAt,
}: {
  queue: Queue;
  readAt: number;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { queued, due, running, slots, limit, oldestWaitMs } = queue;
  const now = useNow(oldestWaitMs === undefined ? 0 : 1_000);
  const free = Math.max(0, slots - running);
  const number = (value: number) => formatNumber(value);
  return (
    <section className={styles.tiles} aria-label={t('queue.tiles.label')}>
      <KpiTile
        label={t('queue.tiles.queued')}
        value={number(queued)}
        detail={t('queue.tiles.queuedHint', {
          due: number(due),
          later: number(queued - due),
        })}
        href={links.runs(runsSearch({ state: ['queued'] }))}
        actionLabel={t('queue.tiles.queuedAction', { number: number(queued) })}
      />
      <KpiTile
        label={t('queue.tiles.oldest')}
        value={
          oldestWaitMs === undefined
            ? t('queue.tiles.none')
            : formatDuration(oldestWaitMs + Math.max(0, now - readAt), {
                whole: true,
              })
        }
        detail={
          oldestWaitMs === undefined ? t('queue.tiles.nobodyWaits') : undefined
        }
      />
      <KpiTile
        label={t('queue.tiles.running')}
        value={t('queue.tiles.runningValue', {
          running: number(running),
          slots: number(slots),
        })}
        detail={
          limit === undefined || limit >= slots
            ? t('queue.tiles.runningHint', { count: free })
            : t('queue.tiles.runningLimit', { limit: number(limit) })
        }
        href={links.runs(runsSearch({ state: [...LEASED_RUN_STATES] }))}
        actionLabel={t('queue.tiles.runningAction', {
          number: number(running),
        })}
      />
      <KpiTile
        label={t('queue.tiles.started')}
        value={number(queue.startedLastMinute)}
        detail={t('queue.tiles.startedHint')}
      />
    </section>
  );
}

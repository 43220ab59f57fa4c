import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { DurationText } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { QueuedRunMenu } from './QueuedRunMenu';
import styles from './QueuedRuns.module.css';
import type { QueuedTableProps } from './QueuedTable';
import { WaitingText } from './WaitingText';

/** Queued runs as items of three lines, for narrow screens. */
export function QueuedItems({ runs, begin }: QueuedTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <ul aria-label={t('queue.runs.title')} className={styles.items}>
      {runs.map(({ run, position, waiting }) => (
        <li key={run.id} className={styles.item}>
          <span className={styles.number}>{position}</span>
          <div className={styles.text}>
            <Link href={links.run(run.id)} className={styles.title} standalone>
              {run.title}
            </Link>
            <WaitingText waiting={waiting} />
            <div className={styles.facts}>
              <span>{run.pipelineId}</span>
              <DurationText from={run.queuedAt} />
              {run.priority !== 0 && (
                <span>
                  {t('queue.runs.priority')} {run.priority}
                </span>
              )}
            </div>
          </div>
          <QueuedRunMenu run={run} begin={begin} />
        </li>
      ))}
    </ul>
  );
}

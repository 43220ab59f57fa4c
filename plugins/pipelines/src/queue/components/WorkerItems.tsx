import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { DrainButton, SlotsText, WorkerRuns, WorkerState } from './WorkerParts';
import styles from './Workers.module.css';
import type { WorkersTableProps } from './WorkersTable';

/** Workers as items, for narrow screens. */
export function WorkerItems(props: WorkersTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { workers, titles, access, onDrain } = props;
  return (
    <ul aria-label={t('queue.workers.title')} className={styles.items}>
      {workers.map(worker => (
        <li key={worker.id} className={styles.item}>
          <div className={styles.itemHead}>
            <strong className={styles.clip}>{worker.id}</strong>
            <DrainButton worker={worker} access={access} onDrain={onDrain} />
          </div>
          <div className={styles.facts}>
            <WorkerState worker={worker} />
            <SlotsText worker={worker} />
            <span>
              {t('queue.workers.heartbeat')}{' '}
              <TimeText at={worker.heartbeatAt} />
            </span>
          </div>
          <WorkerRuns worker={worker} titles={titles} />
          <span className={styles.second}>
            {worker.host} · {worker.version}
          </span>
        </li>
      ))}
    </ul>
  );
}

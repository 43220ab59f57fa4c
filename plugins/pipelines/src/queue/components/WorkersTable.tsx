import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Cell,
  Column,
  Link,
  Row,
  TableBody,
  TableHeader,
  TableRoot,
} from '@backstage/ui';
import type { Worker } from '@millrace/backstage-plugin-pipelines-common';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import type { PipelineAccess } from '../../ui/usePipelineAccess';
import { usePageLinks } from '../../ui/usePageLinks';
import { DrainButton, SlotsText, WorkerRuns, WorkerState } from './WorkerParts';
import styles from './Workers.module.css';

/** What the two forms of the list of workers show. */
export interface WorkersTableProps {
  workers: readonly Worker[];
  /** Titles of runs by id, as far as they are known. */
  titles: ReadonlyMap<string, string>;
  access: PipelineAccess;
  onDrain(worker: Worker): void;
}

const COLUMNS = [
  { id: 'name', label: 'queue.workers.name' },
  { id: 'state', label: 'queue.workers.state' },
  { id: 'slots', label: 'queue.workers.slots' },
  { id: 'runs', label: 'queue.workers.runs' },
  { id: 'heartbeat', label: 'queue.workers.heartbeat' },
  { id: 'version', label: 'queue.workers.version' },
  { id: 'up', label: 'queue.workers.up' },
  { id: 'menu', label: 'queue.workers.actions' },
] as const;

/** Workers as a table. */
export function WorkersTable(props: WorkersTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { workers, titles, access, onDrain } = props;
  const pages = usePageLinks();
  return (
    <div className={styles.frame}>
      <TableRoot aria-label={t('queue.workers.title')} className={styles.table}>
        <TableHeader>
          {COLUMNS.map(({ id, label }) => (
            <Column
              key={id}
              id={id}
              isRowHeader={id === 'name'}
              className={styles[id]}
            >
              {id === 'menu' ? (
                <span className={styles.hidden}>{t(label)}</span>
              ) : (
                t(label)
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody items={workers} dependencies={[titles, access, onDrain]}>
          {(worker: Worker) => (
            <Row id={worker.id} className={styles.row}>
              <Cell className={styles.cell}>
                <Link
                  href={pages.queue(`?worker=${encodeURIComponent(worker.id)}`)}
                  className={styles.clip}
                  standalone
                >
                  {worker.id}
                </Link>
                <span className={styles.second} title={worker.host}>
                  {worker.host}
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <WorkerState worker={worker} />
              </Cell>
              <Cell className={styles.cell}>
                <SlotsText worker={worker} />
              </Cell>
              <Cell className={styles.cell}>
                <WorkerRuns worker={worker} titles={titles} />
              </Cell>
              <Cell className={styles.cell}>
                <TimeText at={worker.heartbeatAt} />
              </Cell>
              <Cell className={styles.cell}>
                <span className={styles.clip}>{worker.version}</span>
              </Cell>
              <Cell className={styles.cell}>
                <TimeText at={worker.startedAt} />
              </Cell>
              <Cell className={styles.cell}>
                <DrainButton
                  worker={worker}
                  access={access}
                  onDrain={onDrain}
                />
              </Cell>
            </Row>
          )}
        </TableBody>
      </TableRoot>
    </div>
  );
}

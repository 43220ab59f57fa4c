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
import type { QueuedRun } from '@millrace/backstage-plugin-pipelines-common';
import { DurationText } from '@millrace/backstage-plugin-pipelines-react';
import type { BeginRunAction } from '../../runs/actions/useRunActionDialogs';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { TriggerSign } from '../../ui/TriggerSign';
import { useRunLinks } from '../../ui/RunLinks';
import { usePageLinks } from '../../ui/usePageLinks';
import { QueuedRunMenu } from './QueuedRunMenu';
import styles from './QueuedRuns.module.css';
import { WaitingText } from './WaitingText';

/** What the two forms of the list of queued runs show. */
export interface QueuedTableProps {
  runs: QueuedRun[];
  begin: BeginRunAction;
}

const COLUMNS = [
  { id: 'position', label: 'queue.runs.position' },
  { id: 'run', label: 'queue.runs.run' },
  { id: 'priority', label: 'queue.runs.priority' },
  { id: 'waiting', label: 'queue.runs.waiting' },
  { id: 'waitsFor', label: 'queue.runs.waitsFor' },
  { id: 'by', label: 'queue.runs.by' },
  { id: 'menu', label: 'queue.runs.actions' },
] as const;

/** Queued runs as a table. */
export function QueuedTable({ runs, begin }: QueuedTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const pages = usePageLinks();
  const items = runs.map(queued => ({ ...queued, id: queued.run.id }));
  return (
    <div className={styles.frame}>
      <TableRoot aria-label={t('queue.runs.title')} className={styles.table}>
        <TableHeader>
          {COLUMNS.map(({ id, label }) => (
            <Column
              key={id}
              id={id}
              isRowHeader={id === 'run'}
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
        <TableBody items={items}>
          {({ run, position, waiting }: QueuedRun) => (
            <Row id={run.id} className={styles.row}>
              <Cell className={styles.cell}>
                <span className={styles.number}>{position}</span>
              </Cell>
              <Cell className={styles.cell}>
                <Link
                  href={links.run(run.id)}
                  className={styles.title}
                  standalone
                >
                  {run.title}
                </Link>
                <span className={styles.second}>
                  <Link
                    href={pages.pipeline(run.pipelineId)}
                    variant="body-small"
                  >
                    {run.pipelineId}
                  </Link>
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <span className={styles.number}>{run.priority}</span>
              </Cell>
              <Cell className={styles.cell}>
                <DurationText from={run.queuedAt} />
              </Cell>
              <Cell className={styles.cell}>
                <WaitingText waiting={waiting} />
              </Cell>
              <Cell className={styles.cell}>
                <span className={styles.actor}>
                  <TriggerSign trigger={run.trigger} />
                  <span className={styles.clip}>
                    <ActorName actor={run.submittedBy} />
                  </span>
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <QueuedRunMenu run={run} begin={begin} />
              </Cell>
            </Row>
          )}
        </TableBody>
      </TableRoot>
    </div>
  );
}

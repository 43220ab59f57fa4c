import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Box,
  Cell,
  Column,
  Link,
  Row,
  TableBody,
  TableHeader,
  TableRoot,
} from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { TriggerSign } from '../../ui/TriggerSign';
import { useRunLinks } from '../../ui/RunLinks';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import type { RunSelection } from '../useRunSelection';
import choices from './Choices.module.css';
import { RunDuration } from './RunDuration';
import { RunMenu } from './RunMenu';
import { RunWord } from './RunWord';
import styles from './RunsTable.module.css';
import { shortRunId } from './shortRunId';

/** What the two forms of the runs list show. */
export interface RunsTableProps {
  runs: Run[];
  selection: RunSelection;
  begin: BeginRunAction;
}

const COLUMNS = [
  { id: 'state', label: 'runs.columnState' },
  { id: 'run', label: 'runs.columnRun' },
  { id: 'by', label: 'runs.columnSubmittedBy' },
  { id: 'attempt', label: 'runs.columnAttempt' },
  { id: 'started', label: 'runs.columnStarted' },
  { id: 'duration', label: 'runs.columnDuration' },
  { id: 'word', label: 'runs.columnReason' },
  { id: 'menu', label: 'runs.columnActions' },
] as const;

/**
 * Runs as a table; a row is a link to the page of its run.
 *
 * @remarks
 * Space chooses a row and Shift with arrow keys more of them; while some are chosen, a click on
 * a row chooses it, too, instead of opening it.
 */
export function RunsTable({ runs, selection, begin }: RunsTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <Box bg="neutral" className={`${styles.frame} ${choices.choices}`}>
      <TableRoot
        aria-label={t('runs.listLabel')}
        className={styles.table}
        selectionMode="multiple"
        selectedKeys={selection.ids}
        onSelectionChange={keys =>
          selection.replace(
            keys === 'all'
              ? [...selection.ids, ...runs.map(run => run.id)]
              : [...keys].map(String),
          )
        }
      >
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
        <TableBody items={runs}>
          {(run: Run) => (
            <Row id={run.id} href={links.run(run.id)} className={styles.row}>
              <Cell className={styles.cell}>
                <RunStateBadge state={run.state} />
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
                  {run.pipelineId} · <code>{shortRunId(run.id)}</code>
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <span className={styles.by}>
                  <TriggerSign trigger={run.trigger} />
                  <span className={styles.clip}>
                    <ActorName actor={run.submittedBy} />
                  </span>
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <span className={styles.number}>
                  {run.attempt > 0
                    ? t('runs.attempt', {
                        attempt: String(run.attempt),
                        max: String(run.maxAttempts),
                      })
                    : '–'}
                </span>
              </Cell>
              <Cell className={styles.cell}>
                <TimeText at={run.startedAt} />
              </Cell>
              <Cell className={styles.cell}>
                <RunDuration run={run} />
              </Cell>
              <Cell className={styles.cell}>
                <RunWord run={run} />
              </Cell>
              <Cell className={styles.cell}>
                <RunMenu run={run} begin={begin} />
              </Cell>
            </Row>
          )}
        </TableBody>
      </TableRoot>
    </Box>
  );
}

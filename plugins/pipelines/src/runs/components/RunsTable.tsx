import { useRef } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Box,
  Cell,
  Column,
  Row,
  TableBody,
  TableHeader,
  TableRoot,
} from '@backstage/ui';
import type {
  Pipeline,
  Run,
} from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import {
  DEFAULT_COLUMNS,
  FIXED_COLUMN,
  RunCell,
  type RunColumn,
} from '../columns';
import type { RunSelection } from '../useRunSelection';
import { useFirstRowKey } from '../useFirstRowKey';
import choices from './Choices.module.css';
import { RunMenu } from './RunMenu';
import styles from './RunsTable.module.css';

/** What the two forms of the runs list show. */
export interface RunsTableProps {
  runs: Run[];
  columns: readonly RunColumn[];
  /** The pipeline of a run, for the columns that are about it. */
  pipelineOf(run: Run): Pipeline | undefined;
  isOldestFirst: boolean;
  onOrder(isOldestFirst: boolean): void;
  selection: RunSelection;
  begin: BeginRunAction;
}

/** The column whose head turns the order of the list. */
const SORTED_COLUMN: RunColumn = 'queued';
/** Width of the columns that are there when nobody has chosen, px. */
const USUAL_WIDTH = 1_000;
/** What a column more needs, px. */
const COLUMN_WIDTH = 140;

/**
 * Runs as a table; a row is a link to the page of its run.
 *
 * @remarks
 * Space chooses a row and Shift with arrow keys more of them; while some are chosen, a click on
 * a row chooses it, too, instead of opening it.
 */
export function RunsTable(props: RunsTableProps) {
  const { runs, columns, pipelineOf, selection, begin } = props;
  const { isOldestFirst, onOrder } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const frame = useRef<HTMLDivElement>(null);
  useFirstRowKey(frame);
  return (
    <Box
      ref={frame}
      bg="neutral"
      className={`${styles.frame} ${choices.choices}`}
    >
      <TableRoot
        aria-label={t('runs.listLabel')}
        className={styles.table}
        style={{ minWidth: widthOf(columns.length) }}
        sortDescriptor={{
          column: SORTED_COLUMN,
          direction: isOldestFirst ? 'ascending' : 'descending',
        }}
        onSortChange={() => onOrder(!isOldestFirst)}
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
          {columns.map(column => (
            <Column
              key={column}
              id={column}
              allowsSorting={column === SORTED_COLUMN}
              isRowHeader={column === FIXED_COLUMN}
              className={styles[column]}
            >
              {t(`columns.${column}` as const)}
            </Column>
          ))}
          <Column id="menu" className={styles.menu}>
            <span className={styles.hidden}>{t('columns.menu')}</span>
          </Column>
        </TableHeader>
        <TableBody items={runs} dependencies={[columns, pipelineOf]}>
          {(run: Run) => (
            <Row id={run.id} href={links.run(run.id)} className={styles.row}>
              {columns.map(column => (
                <Cell key={column} className={styles.cell}>
                  <RunCell
                    column={column}
                    run={run}
                    pipeline={pipelineOf(run)}
                  />
                </Cell>
              ))}
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

function widthOf(columns: number): number {
  const more = Math.max(0, columns - DEFAULT_COLUMNS.length);
  return USUAL_WIDTH + more * COLUMN_WIDTH;
}

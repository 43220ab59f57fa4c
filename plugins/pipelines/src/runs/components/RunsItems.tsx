import { Fragment } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Checkbox, Link } from '@backstage/ui';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { DEFAULT_COLUMNS, RunCell, type RunColumn } from '../columns';
import choices from './Choices.module.css';
import { RunDuration } from './RunDuration';
import { RunMenu } from './RunMenu';
import { RunWord } from './RunWord';
import styles from './RunsItems.module.css';
import type { RunsTableProps } from './RunsTable';

/** Of the usual columns, what the two lines have no room for is on the page of the run. */
const SHOWN_ANYWAY: readonly RunColumn[] = DEFAULT_COLUMNS;

/** Runs as items of two lines, for narrow screens; columns that were added are below them. */
export function RunsItems(props: RunsTableProps) {
  const { runs, columns, pipelineOf, selection, begin } = props;
  const more = columns.filter(column => !SHOWN_ANYWAY.includes(column));
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <Box bg="neutral" className={`${styles.frame} ${choices.choices}`}>
      <ul aria-label={t('runs.listLabel')} className={styles.items}>
        {runs.map(run => (
          <li key={run.id} className={styles.item}>
            <div className={styles.signs}>
              <Checkbox
                aria-label={t('runs.choose', { title: run.title })}
                isSelected={selection.isChosen(run)}
                onChange={() => selection.toggle(run)}
              />
              <RunStateBadge state={run.state} iconOnly />
            </div>
            <div className={styles.text}>
              <Link
                href={links.run(run.id)}
                className={styles.title}
                standalone
              >
                {run.title}
              </Link>
              <div className={styles.facts}>
                <TimeText at={run.startedAt ?? run.queuedAt} />
                <RunDuration run={run} />
              </div>
              <RunWord run={run} />
              {more.length > 0 && (
                <dl className={styles.more}>
                  {more.map(column => (
                    <Fragment key={column}>
                      <dt>{t(`columns.${column}` as const)}</dt>
                      <dd>
                        <RunCell
                          column={column}
                          run={run}
                          pipeline={pipelineOf(run)}
                        />
                      </dd>
                    </Fragment>
                  ))}
                </dl>
              )}
            </div>
            <RunMenu run={run} begin={begin} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Checkbox, Link } from '@backstage/ui';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import choices from './Choices.module.css';
import { RunDuration } from './RunDuration';
import { RunMenu } from './RunMenu';
import { RunWord } from './RunWord';
import styles from './RunsItems.module.css';
import type { RunsTableProps } from './RunsTable';

/** Runs as items of two lines, for narrow screens. */
export function RunsItems({ runs, selection, begin }: RunsTableProps) {
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
            </div>
            <RunMenu run={run} begin={begin} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

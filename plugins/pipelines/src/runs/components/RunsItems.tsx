import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, Link } from '@backstage/ui';
import {
  RunStateBadge,
  TimeText,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { RunDuration } from './RunDuration';
import { RunMenu } from './RunMenu';
import { RunWord } from './RunWord';
import styles from './RunsItems.module.css';
import type { RunsTableProps } from './RunsTable';

/** Runs as items of two lines, for narrow screens. */
export function RunsItems({ runs, onCancel }: RunsTableProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <Box bg="neutral" className={styles.frame}>
      <ul aria-label={t('runs.listLabel')} className={styles.items}>
        {runs.map(run => (
          <li key={run.id} className={styles.item}>
            <RunStateBadge state={run.state} iconOnly />
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
            <RunMenu run={run} onCancel={() => onCancel(run)} />
          </li>
        ))}
      </ul>
    </Box>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  RunStateBadge,
} from '@millrace/backstage-plugin-pipelines-react';
import { RunProgress } from '../runs/components/RunProgress';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import styles from './MyPipelines.module.css';

/** What is being executed, and how far it is. */
export function MyRunning({ runs }: { runs: Run[] }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <section aria-label={t('home.runningNow')}>
      <h4 className={styles.heading}>{t('home.runningNow')}</h4>
      <ul className={styles.list}>
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
              <RunProgress run={run} />
            </div>
            <span className={styles.time}>
              <DurationText from={run.startedAt ?? run.queuedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

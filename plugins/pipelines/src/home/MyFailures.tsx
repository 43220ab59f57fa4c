import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  runReadPermission,
  UNSUCCESSFUL_RUN_STATES,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  RunStateBadge,
  TimeText,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import type { MyScope } from './MyPipelines';
import styles from './MyPipelines.module.css';

/** Most failures that the widget lists. */
const MAX_FAILURES = 5;

/** The newest failed runs of the period, with the reason. */
export function MyFailures({ scope }: { scope: MyScope }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const runs = useRuns({
    state: UNSUCCESSFUL_RUN_STATES,
    owner: scope.owner,
    limit: MAX_FAILURES,
  });
  const page = runs.data?.pages[0];
  // By their end, as the number above counts them: one that was submitted before may be among them.
  const failures = page?.items.filter(
    ({ finishedAt }) => finishedAt !== undefined && finishedAt >= scope.from,
  );
  return (
    <section aria-label={t('home.latestFailures')}>
      <h4 className={styles.heading}>{t('home.latestFailures')}</h4>
      <PanelState
        query={{ ...runs, data: failures }}
        skeleton="rows"
        skeletonCount={3}
        permission={runReadPermission.name}
        empty={items =>
          items.length === 0 ? (
            <PanelNotice
              kind="good"
              title={t(
                scope.period === 'today'
                  ? 'home.goodToday'
                  : (`home.good${scope.period}` as const),
              )}
            />
          ) : undefined
        }
      >
        {items => (
          <ul className={styles.list}>
            {items.map(run => (
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
                  <span className={styles.reason} title={run.error?.message}>
                    {run.error?.message ?? t('home.noReason')}
                  </span>
                </div>
                <span className={styles.time}>
                  <TimeText at={run.finishedAt} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </PanelState>
    </section>
  );
}

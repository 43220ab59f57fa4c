import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  UNSUCCESSFUL_RUN_STATES,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  RunStateBadge,
  TimeText,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import type { TimeRange } from '../../ui/timeRange';
import type { HrefOfRuns } from '../useScopedRuns';
import type { Scope } from '../useScope';
import styles from './LatestFailures.module.css';

/** Most failures that the overview lists before it leads to the list. */
const MAX_LISTED = 8;

const NO_FAILURES = {
  '-24h': 'overview.noFailures24h',
  '-7d': 'overview.noFailures7d',
  '-30d': 'overview.noFailures30d',
} as const satisfies Record<TimeRange, string>;

/** The newest runs of the period that failed, timed out or were lost, with the reason. */
export function LatestFailures(props: { scope: Scope; hrefOf: HrefOfRuns }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { scope, hrefOf } = props;
  const { from, to, pipeline, owner } = scope.filter;
  const runs = useRuns({
    state: UNSUCCESSFUL_RUN_STATES,
    from,
    to,
    pipeline,
    owner,
    limit: MAX_LISTED,
  });
  return (
    <Panel
      title={t('overview.latestFailures')}
      aside={
        <Link
          href={hrefOf({ span: { from, to }, states: UNSUCCESSFUL_RUN_STATES })}
        >
          {t('overview.allFailures')}
        </Link>
      }
      isFlush
    >
      <PanelState
        query={{ ...runs, data: runs.data?.pages[0] }}
        skeleton="rows"
        skeletonCount={4}
        empty={({ items }) =>
          items.length === 0 ? (
            <PanelNotice
              kind="good"
              title={t(
                scope.range ? NO_FAILURES[scope.range] : 'overview.noFailures',
              )}
            />
          ) : undefined
        }
      >
        {({ items }) => (
          <ul className={styles.list}>
            {items.map(run => (
              <FailureItem key={run.id} run={run} />
            ))}
          </ul>
        )}
      </PanelState>
    </Panel>
  );
}

function FailureItem({ run }: { run: Run }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const reason = run.error?.message ?? t('overview.noReason');
  return (
    <li className={styles.item}>
      <RunStateBadge state={run.state} iconOnly />
      <Link href={links.run(run.id)} className={styles.title} standalone>
        {run.title}
      </Link>
      <span className={styles.reason} title={reason}>
        {run.error?.step && (
          <code className={styles.step}>{run.error.step}</code>
        )}
        {reason}
      </span>
      <span className={styles.time}>
        <TimeText at={run.finishedAt} />
      </span>
    </li>
  );
}

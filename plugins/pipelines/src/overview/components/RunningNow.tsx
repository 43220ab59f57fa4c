import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  LEASED_RUN_STATES,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  PanelNotice,
  PanelState,
  RunStateBadge,
  useRuns,
} from '@millrace/backstage-plugin-pipelines-react';
import { useRunActionDialogs } from '../../runs/actions/useRunActionDialogs';
import { RunProgress } from '../../runs/components/RunProgress';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import { useRunAccess } from '../../ui/usePipelineAccess';
import type { HrefOfRuns } from '../useScopedRuns';
import type { Scope } from '../useScope';
import styles from './RunningNow.module.css';

/** Most runs that the overview lists before it leads to the list. */
const MAX_LISTED = 8;

/** What is being executed: how far it is, and the way to stop it. */
export function RunningNow(props: { scope: Scope; hrefOf: HrefOfRuns }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { pipeline, owner } = props.scope.filter;
  const { begin, dialogs } = useRunActionDialogs();
  const runs = useRuns({
    state: LEASED_RUN_STATES,
    pipeline,
    owner,
    limit: MAX_LISTED,
  });
  const firstPage = { ...runs, data: runs.data?.pages[0] };
  return (
    <Panel
      title={t('overview.runningNow')}
      aside={
        firstPage.data?.nextCursor && (
          <Link href={props.hrefOf({ states: LEASED_RUN_STATES })}>
            {t('overview.allMoreActive')}
          </Link>
        )
      }
      isFlush
    >
      <PanelState
        query={firstPage}
        skeleton="rows"
        skeletonCount={4}
        empty={({ items }) =>
          items.length === 0 ? (
            <PanelNotice kind="empty" title={t('overview.nothingRunning')} />
          ) : undefined
        }
      >
        {({ items }) => (
          <ul className={styles.list}>
            {items.map(run => (
              <RunningItem
                key={run.id}
                run={run}
                onCancel={() =>
                  begin(run.state === 'cancelling' ? 'kill' : 'cancel', run)
                }
              />
            ))}
          </ul>
        )}
      </PanelState>
      {dialogs}
    </Panel>
  );
}

function RunningItem({ run, onCancel }: { run: Run; onCancel(): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const access = useRunAccess(run);
  const isCancelling = run.state === 'cancelling';
  return (
    <li className={styles.item}>
      <RunStateBadge state={run.state} iconOnly />
      <div className={styles.text}>
        <div className={styles.first}>
          <Link href={links.run(run.id)} className={styles.title} standalone>
            {run.title}
          </Link>
          <span className={styles.time}>
            <DurationText from={run.startedAt ?? run.queuedAt} />
          </span>
        </div>
        <RunProgress run={run} />
      </div>
      <GatedButton
        access={access}
        size="small"
        variant="tertiary"
        aria-label={`${isCancelling ? t('actions.kill') : t('common.cancel')} ${
          run.title
        }`}
        onPress={onCancel}
      >
        {isCancelling ? t('cancel.killTitle') : t('common.cancel')}
      </GatedButton>
    </li>
  );
}

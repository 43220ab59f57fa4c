import { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  RunAttempt,
  RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  formatBytes,
  Named,
  PanelNotice,
  PanelState,
  RunStateBadge,
  TimeText,
  useRunAttempts,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import { AttemptSteps } from './AttemptSteps';
import styles from './AttemptsTab.module.css';
import type { RunTab } from './runTab';

/** What {@link AttemptsTab} shows. */
export interface AttemptsTabProps {
  run: RunDetail;
  hrefOf(tab: RunTab, attempt?: number): string;
}

/** The tries of the run, newest first, each with its end and its log. */
export function AttemptsTab({ run, hrefOf }: AttemptsTabProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const attempts = useRunAttempts(run.id);
  return (
    <PanelState
      query={attempts}
      skeleton="rows"
      skeletonCount={3}
      empty={items =>
        items.length === 0 ? (
          <PanelNotice kind="empty" title={t('attempts.emptyTitle')}>
            {t('attempts.empty')}
          </PanelNotice>
        ) : undefined
      }
    >
      {items => (
        <div className={styles.attempts}>
          <Panel title={t('attempts.listLabel')}>
            <StackedTable
              label={t('attempts.listLabel')}
              heads={[
                t('attempts.number'),
                t('attempts.state'),
                t('attempts.reason'),
                t('attempts.worker'),
                t('attemptSteps.waited'),
                t('attempts.wait'),
                t('attempts.duration'),
                t('attempts.log'),
              ]}
              rows={items.map((attempt, index) => ({
                key: String(attempt.attempt),
                cells: cellsOf(
                  attempt,
                  items[index + 1]?.finishedAt ?? run.queuedAt,
                  <LogLink
                    attempt={attempt}
                    href={hrefOf('log', attempt.attempt)}
                  />,
                ),
              }))}
            />
          </Panel>
          {items.length > 1 && <AttemptSteps runId={run.id} attempts={items} />}
        </div>
      )}
    </PanelState>
  );
}

/** @param waitsFrom - since when it could have been claimed */
function cellsOf(
  attempt: RunAttempt,
  waitsFrom: string,
  log: ReactNode,
): ReactNode[] {
  return [
    String(attempt.attempt),
    <RunStateBadge key="state" state={attempt.state} />,
    attempt.reason ?? '–',
    <span key="worker">
      {attempt.workerId}
      <span className={styles.second}>{attempt.host}</span>
    </span>,
    <DurationText key="waited" from={waitsFrom} to={attempt.claimedAt} />,
    <TimeText key="start" at={attempt.startedAt ?? attempt.claimedAt} />,
    <DurationText
      key="duration"
      from={attempt.startedAt}
      to={attempt.finishedAt}
    />,
    log,
  ];
}

function LogLink({ attempt, href }: { attempt: RunAttempt; href: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <span>
      <Link href={href}>
        <Named
          name={t('attempts.openLog', { attempt: String(attempt.attempt) })}
        >
          {t('attempts.lines', { count: attempt.logLines })}
        </Named>
      </Link>
      <span className={styles.second}>{formatBytes(attempt.logBytes)}</span>
    </span>
  );
}

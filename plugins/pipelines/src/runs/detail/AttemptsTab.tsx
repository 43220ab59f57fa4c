import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type {
  RunAttempt,
  RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DurationText,
  formatBytes,
  PanelNotice,
  PanelState,
  RunStateBadge,
  TimeText,
  useRunAttempts,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
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
        <Panel title={t('attempts.listLabel')}>
          <div className={styles.scroll}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t('attempts.number')}</th>
                  <th scope="col">{t('attempts.state')}</th>
                  <th scope="col">{t('attempts.reason')}</th>
                  <th scope="col">{t('attempts.worker')}</th>
                  <th scope="col">{t('attempts.wait')}</th>
                  <th scope="col">{t('attempts.duration')}</th>
                  <th scope="col">{t('attempts.log')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(attempt => (
                  <AttemptRow
                    key={attempt.attempt}
                    attempt={attempt}
                    logHref={hrefOf('log', attempt.attempt)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </PanelState>
  );
}

function AttemptRow(props: { attempt: RunAttempt; logHref: string }) {
  const { attempt, logHref } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const number = String(attempt.attempt);
  return (
    <tr>
      <th scope="row">{number}</th>
      <td>
        <RunStateBadge state={attempt.state} />
      </td>
      <td className={styles.reason}>{attempt.reason ?? '–'}</td>
      <td>
        {attempt.workerId}
        <span className={styles.host}>{attempt.host}</span>
      </td>
      <td>
        <TimeText at={attempt.startedAt ?? attempt.claimedAt} />
      </td>
      <td>
        <DurationText from={attempt.startedAt} to={attempt.finishedAt} />
      </td>
      <td>
        <Link
          href={logHref}
          aria-label={t('attempts.openLog', { attempt: number })}
        >
          {t('attempts.lines', { count: attempt.logLines })}
        </Link>
        <span className={styles.host}>{formatBytes(attempt.logBytes)}</span>
      </td>
    </tr>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  messageOf,
  RunEventTitle,
  RunStateBadge,
  statusOf,
  TimeText,
  useRefresh,
  useRun,
  useRunEvents,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import styles from './RunActionDialog.module.css';

const CONFLICT = 409;

/** What {@link ConflictNotice} is about. */
export interface ConflictNoticeProps {
  run: Run;
  error: unknown;
  onClose(): void;
}

/** Whether an action was refused because the run is not any more what it was when one looked. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === CONFLICT;
}

/** Why an action came too late: how the run is now, and who did what to it last. */
export function ConflictNotice({ run, error, onClose }: ConflictNoticeProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { refresh } = useRefresh();
  const now = useRun(run.id).data ?? run;
  const reload = () => {
    refresh();
    onClose();
  };
  return (
    <Alert
      status="warning"
      icon
      title={t('actions.conflictTitle')}
      description={
        <span className={styles.conflict}>
          <span>{messageOf(error)}</span>
          <span className={styles.now}>
            {t('actions.conflictNow')} <RunStateBadge state={now.state} />
          </span>
          <LastEvent runId={run.id} />
        </span>
      }
      customActions={
        <Button size="small" variant="secondary" onPress={reload}>
          {t('actions.reload')}
        </Button>
      }
    />
  );
}

function LastEvent({ runId }: { runId: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const events = useRunEvents(runId);
  const last = events.data?.pages
    .flatMap(page => page.items)
    .find(({ kind }) => kind === 'action' || kind === 'transition');
  return last ? (
    <span className={styles.now}>
      {t('actions.conflictLast')}{' '}
      <strong>
        <RunEventTitle event={last} />
      </strong>{' '}
      {t('actions.conflictBy', { actor: <ActorName actor={last.actor} /> })}{' '}
      <TimeText at={last.at} />
      {last.reason && <span>{last.reason}</span>}
    </span>
  ) : null;
}

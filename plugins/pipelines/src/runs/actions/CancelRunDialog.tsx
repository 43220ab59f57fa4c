import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  formatDuration,
  useCancelRun,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { ConfirmRunAction } from './ConfirmRunAction';
import type { ActionableRun } from './legalActions';
import { useRunToast } from './useRunToast';

/** What the dialogs of run actions are about. */
export interface RunActionDialogProps {
  run: ActionableRun;
  onClose(): void;
}

/** Asks before a run is cancelled. */
export function CancelRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const cancelRun = useCancelRun();
  const { title } = run;
  // The run may move on while one reads; what was asked is what is done.
  const [isQueued] = useState(run.state === 'queued');
  const grace = useRun(run.id).data?.stopGraceSeconds;
  const consequenceStarted =
    grace === undefined
      ? t('cancel.consequenceNoTime')
      : t('cancel.consequence', { grace: formatDuration(grace * 1_000) });
  return (
    <ConfirmRunAction
      run={run}
      title={t('cancel.title')}
      consequence={
        isQueued ? t('cancel.consequenceQueued') : consequenceStarted
      }
      confirmLabel={t('cancel.confirm')}
      destructive
      withReason
      onClose={onClose}
      onConfirm={async reason => {
        await cancelRun.mutateAsync({ runId: run.id, reason });
        toast(
          isQueued
            ? t('cancel.doneQueued', { title })
            : t('cancel.done', { title }),
          run,
        );
      }}
    />
  );
}

/** Asks before a run that is being cancelled is killed. */
export function KillRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const cancelRun = useCancelRun();
  return (
    <ConfirmRunAction
      run={run}
      title={t('cancel.killTitle')}
      consequence={t('cancel.killConsequence')}
      confirmLabel={t('cancel.killConfirm')}
      destructive
      onClose={onClose}
      onConfirm={async () => {
        await cancelRun.mutateAsync({ runId: run.id, force: true });
        toast(t('cancel.killed', { title: run.title }), run);
      }}
    />
  );
}

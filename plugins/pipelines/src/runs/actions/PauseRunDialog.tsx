import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  usePauseRun,
  useResumeRun,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import type { RunActionDialogProps } from './CancelRunDialog';
import { ConfirmRunAction } from './ConfirmRunAction';
import styles from './RunActionDialog.module.css';
import { useRunToast } from './useRunToast';

/** What a pause comes to: the run is held, stands still, or only its next attempt is held. */
type PauseMeaning = 'hold' | 'freeze' | 'holdNext' | 'unknown';

/** By whether the engine can freeze a run that is being executed. */
const MEANINGS: Record<string, PauseMeaning> = {
  true: 'freeze',
  false: 'holdNext',
  undefined: 'unknown',
};

/** Asks before a run is paused, and says exactly what stops and what goes on. */
export function PauseRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const pauseRun = usePauseRun();
  const { title } = run;
  const [isQueued] = useState(run.state === 'queued');
  const canFreeze = (useRun(run.id).data ?? run).capabilities?.pause;
  const meaning = isQueued ? 'hold' : MEANINGS[String(canFreeze)];
  const consequences: Record<PauseMeaning, string> = {
    hold: t('actions.pauseQueued'),
    freeze: t('actions.pauseFreeze'),
    holdNext: t('actions.pauseNoFreeze'),
    unknown: t('actions.pauseUnknown'),
  };
  const done: Record<PauseMeaning, string> = {
    hold: t('actions.held', { title }),
    freeze: t('actions.paused', { title }),
    holdNext: t('actions.nextHeld', { title }),
    unknown: t('actions.paused', { title }),
  };
  return (
    <ConfirmRunAction
      run={run}
      title={isQueued ? t('actions.holdTitle') : t('actions.pauseTitle')}
      consequence={consequences[meaning]}
      confirmLabel={
        isQueued ? t('actions.holdConfirm') : t('actions.pauseConfirm')
      }
      withReason
      onClose={onClose}
      onConfirm={async reason => {
        await pauseRun.mutateAsync({ runId: run.id, reason });
        toast(done[meaning], run);
      }}
    >
      {meaning === 'freeze' && (
        <ul className={styles.consequences}>
          <li>{t('actions.pauseFreezeSlot')}</li>
          <li>{t('actions.pauseFreezeTimeouts')}</li>
          <li>{t('actions.pauseFreezeConnections')}</li>
        </ul>
      )}
    </ConfirmRunAction>
  );
}

/** Asks before a held or paused run goes on. */
export function ResumeRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const resumeRun = useResumeRun();
  const [{ state }] = useState(run);
  const stands = state === 'paused' || state === 'pausing';
  const consequenceStarted = stands
    ? t('actions.resumeFrozen')
    : t('actions.resumeNext');
  return (
    <ConfirmRunAction
      run={run}
      title={t('actions.resumeTitle')}
      consequence={
        state === 'queued' ? t('actions.resumeQueued') : consequenceStarted
      }
      confirmLabel={t('actions.resumeConfirm')}
      withReason
      onClose={onClose}
      onConfirm={async reason => {
        await resumeRun.mutateAsync({ runId: run.id, reason });
        toast(t('actions.resumed', { title: run.title }), run);
      }}
    />
  );
}

import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, Radio, RadioGroup } from '@backstage/ui';
import {
  useRetryRun,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { useIdempotencyKey } from '../../submit/useIdempotencyKey';
import { useRunDialogUrl } from '../../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../../translation';
import type { RunActionDialogProps } from './CancelRunDialog';
import { ConfirmRunAction } from './ConfirmRunAction';
import styles from './RunActionDialog.module.css';
import { useRunToast } from './useRunToast';

/** Asks how a run is retried: as it was, edited, or from where it failed. */
export function RetryRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const retryRun = useRetryRun();
  const form = useRunDialogUrl();
  const keyOf = useIdempotencyKey();
  const [isEdited, setEdited] = useState(false);
  const [fromFailedStep, setFromFailedStep] = useState(false);
  const detail = useRun(run.id).data;
  const step = detail?.resumableFrom;
  const retry = async () => {
    const request = { fromFailedStep: fromFailedStep || undefined };
    const { id } = await retryRun.mutateAsync({
      runId: run.id,
      request,
      idempotencyKey: keyOf(request),
    });
    toast(t('actions.retried', { title: run.title }), {
      id,
      label: t('actions.openNew'),
    });
  };
  return (
    <ConfirmRunAction
      run={run}
      title={t('actions.retryTitle')}
      consequence={t('actions.retryConsequence', {
        pipeline: detail?.pipelineTitle ?? run.pipelineId,
      })}
      confirmLabel={
        isEdited ? t('actions.retryConfirmEdited') : t('actions.retryConfirm')
      }
      onClose={onClose}
      onConfirm={async () =>
        isEdited
          ? form.openRetry(run.pipelineId, run.id, { fromFailedStep })
          : retry()
      }
    >
      <RadioGroup
        label={t('actions.retryWith')}
        value={isEdited ? 'edited' : 'same'}
        onChange={value => setEdited(value === 'edited')}
      >
        <Radio value="same">{t('actions.retrySame')}</Radio>
        <Radio value="edited">{t('actions.retryEdited')}</Radio>
      </RadioGroup>
      {isEdited && (
        <p className={styles.hint}>{t('actions.retryEditedHint')}</p>
      )}
      {step !== undefined && (
        <div className={styles.choice}>
          <Checkbox isSelected={fromFailedStep} onChange={setFromFailedStep}>
            {t('actions.retryFromStep', { step })}
          </Checkbox>
          <p className={styles.hint}>{t('actions.retryFromStepHint')}</p>
        </div>
      )}
    </ConfirmRunAction>
  );
}

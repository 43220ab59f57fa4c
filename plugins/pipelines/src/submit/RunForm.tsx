import { useEffect } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Checkbox,
  DialogBody,
  DialogFooter,
  Text,
} from '@backstage/ui';
import type {
  Pipeline,
  RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import { ParamsForm } from '@millrace/backstage-plugin-pipelines-react';
import { useActionAccess } from '../runs/actions/useActionAccess';
import { pipelinesTranslationRef } from '../translation';
import { GatedButton } from '../ui/GatedButton';
import { MoreFields } from './MoreFields';
import { ParamsChanges } from './ParamsChanges';
import { PausedNotice } from './PausedNotice';
import styles from './RunDialog.module.css';
import { useRunForm } from './useRunForm';
import type { SubmitRef } from './useSubmitKey';
import { ValuesOf } from './ValuesOf';

/** What {@link RunForm} submits. */
export interface RunFormProps {
  pipeline: Pipeline;
  /** The run whose values fill the form at first. */
  from?: RunDetail;
  /** Present when that run is retried, instead of one like it being submitted. */
  retry?: { isFromFailedStep?: boolean };
  /** A sentence about where the values come from. */
  notice?: string;
  submitRef: SubmitRef;
  /** Fills the form with the values of another run. */
  onFill(runId: string): void;
  onClose(): void;
}

/** The parameters of a pipeline, and the buttons that submit a run with them. */
export function RunForm(props: RunFormProps) {
  const { pipeline, from, retry, notice, submitRef, onFill, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const form = useRunForm(props);
  const accessTo = useActionAccess({
    id: from?.id,
    pipelineId: pipeline.id,
    owner: pipeline.owner,
  });
  const access = accessTo(retry ? 'retry' : 'runAgain');
  useEffect(() => {
    submitRef.current = access.isAllowed ? form.submit : undefined;
    return () => {
      submitRef.current = undefined;
    };
  });
  return (
    <>
      <DialogBody className={styles.form}>
        {pipeline.description && (
          <Text as="p" variant="body-medium" color="secondary">
            {pipeline.description}
          </Text>
        )}
        <PausedNotice pipeline={pipeline} />
        {notice && (
          <Alert
            status="info"
            icon
            description={[notice, form.secretsNotice].filter(Boolean).join(' ')}
          />
        )}
        {!retry && <ValuesOf pipelineId={pipeline.id} onChoose={onFill} />}
        {retry && from?.resumableFrom !== undefined && (
          <div className={styles.step}>
            <Checkbox
              isSelected={form.fromFailedStep}
              onChange={form.setFromFailedStep}
            >
              {t('actions.retryFromStep', { step: from.resumableFrom })}
            </Checkbox>
            <Text as="p" variant="body-small" color="secondary">
              {t('actions.retryFromStepHint')}
            </Text>
          </div>
        )}
        <ParamsForm
          schema={pipeline.parameters}
          value={form.parameters}
          baseline={form.baseline}
          onChange={form.changeParameters}
          showAllProblems={form.isTried && !form.isUnchangedRetry}
        />
        <MoreFields
          value={form.more}
          onChange={form.setMore}
          isRetry={retry !== undefined}
        />
        {form.baseline && (
          <ParamsChanges
            schema={pipeline.parameters}
            before={form.baseline}
            after={form.parameters}
          />
        )}
        {form.isRefused && (
          <Alert status="warning" icon description={t('submit.fixFields')} />
        )}
        {form.error && (
          <Alert
            status="danger"
            icon
            title={t('submit.failed')}
            description={form.error}
          />
        )}
      </DialogBody>
      <DialogFooter className={styles.footer}>
        <Text as="p" variant="body-small" className={styles.promise}>
          {pipeline.maxAttempts > 1
            ? t('submit.promiseRetry', { max: String(pipeline.maxAttempts) })
            : t('submit.promiseOnce')}
        </Text>
        <Button variant="tertiary" onPress={onClose}>
          {t('common.cancel')}
        </Button>
        <GatedButton
          access={access}
          variant="secondary"
          isPending={form.isPending}
          onPress={form.submitAndOpen}
        >
          {retry ? t('submit.retryAndOpen') : t('submit.submitAndOpen')}
        </GatedButton>
        <GatedButton
          access={access}
          variant="primary"
          isPending={form.isPending}
          onPress={form.submit}
        >
          {retry ? t('submit.retry') : t('submit.submit')}
        </GatedButton>
      </DialogFooter>
    </>
  );
}

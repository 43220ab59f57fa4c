import { KeyboardEvent, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Button, DialogBody, DialogFooter, Text } from '@backstage/ui';
import type {
  Pipeline,
  RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  defaultParameters,
  messageOf,
  ParamsForm,
  useSubmitRun,
  validateParameters,
  type Parameters,
  type ParamsValidity,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { GatedButton } from '../ui/GatedButton';
import { useRunLinks } from '../ui/RunLinks';
import { usePipelineAccess } from '../ui/usePipelineAccess';
import { formatLabels, parseLabels } from './labels';
import { useIdempotencyKey } from './useIdempotencyKey';
import { MoreFields, MoreValues } from './MoreFields';
import styles from './RunDialog.module.css';

const TOAST_MS = 8_000;

/** What {@link RunForm} submits. */
export interface RunFormProps {
  pipeline: Pipeline;
  /** The run whose values fill the form at first. */
  from?: RunDetail;
  /** A sentence about where the values come from. */
  notice?: string;
  onClose(): void;
}

/** The parameters of a pipeline, and the buttons that submit a run with them. */
export function RunForm(props: RunFormProps) {
  const { pipeline, notice, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const form = useRunForm(props);
  const access = usePipelineAccess('run', pipeline);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (access.isAllowed) {
        form.submit();
      }
    }
  };
  return (
    <>
      <DialogBody className={styles.form} onKeyDown={onKeyDown}>
        {pipeline.description && (
          <Text as="p" variant="body-medium" color="secondary">
            {pipeline.description}
          </Text>
        )}
        {notice && <Alert status="info" icon description={notice} />}
        <ParamsForm
          schema={pipeline.parameters}
          value={form.parameters}
          onChange={form.changeParameters}
          showAllProblems={form.isTried}
        />
        <MoreFields value={form.more} onChange={form.setMore} />
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
          {t('submit.submitAndOpen')}
        </GatedButton>
        <GatedButton
          access={access}
          variant="primary"
          isPending={form.isPending}
          onPress={form.submit}
        >
          {t('submit.submit')}
        </GatedButton>
      </DialogFooter>
    </>
  );
}

function useRunForm({ pipeline, from, onClose }: RunFormProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const navigate = useNavigate();
  const links = useRunLinks();
  const submitRun = useSubmitRun();
  const schema = pipeline.parameters;
  const [parameters, setParameters] = useState(
    () => from?.parameters ?? defaultParameters(schema),
  );
  const [isValid, setValid] = useState(
    () => validateParameters(schema, parameters).length === 0,
  );
  const [more, setMore] = useState<MoreValues>(() => moreOf(from));
  const [isTried, setTried] = useState(false);
  const [error, setError] = useState<string>();
  const keyOf = useIdempotencyKey();
  const { labels } = parseLabels(more.labels);

  const send = async (opensRun: boolean) => {
    setTried(true);
    setError(undefined);
    if (!labels || !isValid || submitRun.isPending) {
      return;
    }
    try {
      const request = {
        pipelineId: pipeline.id,
        parameters,
        labels: Object.keys(labels).length > 0 ? labels : undefined,
        note: more.note.trim() || undefined,
        priority: more.priority || undefined,
      };
      const { id } = await submitRun.mutateAsync({
        idempotencyKey: keyOf(request),
        request,
      });
      if (opensRun) {
        navigate(links.run(id));
        return;
      }
      toasts.post({
        title: t('submit.submitted', { title: pipeline.title }),
        status: 'success',
        timeout: TOAST_MS,
        links: [{ label: t('submit.open'), href: links.run(id) }],
      });
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  return {
    parameters,
    changeParameters: (next: Parameters, validity: ParamsValidity) => {
      setParameters(next);
      setValid(validity.valid);
    },
    more,
    setMore,
    isTried,
    isRefused: isTried && (!isValid || !labels),
    error,
    isPending: submitRun.isPending,
    submit: () => send(false),
    submitAndOpen: () => send(true),
  };
}

function moreOf(from: RunDetail | undefined): MoreValues {
  return {
    note: '',
    labels: formatLabels(from?.labels ?? {}),
    priority: from?.priority ?? 0,
  };
}

import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { jsonDiff } from '@millrace/backstage-plugin-pipelines-common';
import {
  defaultParameters,
  messageOf,
  useRetryRun,
  useSubmitRun,
  validateParameters,
  withoutSecrets,
  type Parameters,
  type ParamsValidity,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import { formatLabels, parseLabels } from './labels';
import type { MoreValues } from './MoreFields';
import type { RunFormProps } from './RunForm';
import { useIdempotencyKey } from './useIdempotencyKey';

const TOAST_MS = 8_000;

/** What was typed into the Run… dialog, and how it becomes a run or a retry. */
export function useRunForm(props: RunFormProps) {
  const { pipeline, from, retry, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const navigate = useNavigate();
  const links = useRunLinks();
  const schema = pipeline.parameters;
  const baseline = useMemo(
    () => from && withoutSecrets(schema, from.parameters),
    [from, schema],
  );
  const [parameters, setParameters] = useState(
    () => baseline ?? defaultParameters(schema),
  );
  const [isValid, setValid] = useState(
    () => validateParameters(schema, parameters).length === 0,
  );
  const [before] = useState(() => moreOf(from, retry !== undefined));
  const [more, setMore] = useState(before);
  const [fromFailedStep, setFromFailedStep] = useState(
    retry?.isFromFailedStep ?? false,
  );
  const [isTried, setTried] = useState(false);
  const [error, setError] = useState<string>();
  const submit = useSubmit(props);
  const hasSecrets =
    from !== undefined && jsonDiff(baseline, from.parameters).length > 0;
  // The server takes the secrets of the earlier run, which this form does not have.
  const isUnchangedRetry =
    retry !== undefined && jsonDiff(baseline, parameters).length === 0;
  const { labels } = parseLabels(more.labels);
  const isReady = labels !== undefined && (isValid || isUnchangedRetry);

  const send = async (opensRun: boolean) => {
    setTried(true);
    setError(undefined);
    if (!isReady || submit.isPending) {
      return;
    }
    try {
      const { id } = await submit.send({
        parameters: isUnchangedRetry ? undefined : parameters,
        labels,
        more,
        before,
        fromFailedStep,
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
  const secretsNotice = retry
    ? t('submit.secretsTaken')
    : t('submit.secretsMissing');
  return {
    baseline,
    parameters,
    changeParameters: (next: Parameters, validity: ParamsValidity) => {
      setParameters(next);
      setValid(validity.valid);
    },
    more,
    setMore,
    fromFailedStep,
    setFromFailedStep,
    secretsNotice: hasSecrets ? secretsNotice : undefined,
    isUnchangedRetry,
    isTried,
    isRefused: isTried && !isReady,
    error,
    isPending: submit.isPending,
    submit: () => send(false),
    submitAndOpen: () => send(true),
  };
}

interface Typed {
  /** Undefined takes those of the run that is retried. */
  parameters: Parameters | undefined;
  labels: Record<string, string>;
  more: MoreValues;
  /** What the form started with; a retry sends only what differs. */
  before: MoreValues;
  fromFailedStep: boolean;
}

function useSubmit({ pipeline, from, retry }: RunFormProps) {
  const submitRun = useSubmitRun();
  const retryRun = useRetryRun();
  const keyOf = useIdempotencyKey();
  const keyFor = (more: MoreValues, request: unknown) =>
    more.idempotencyKey.trim() || keyOf(request);
  const submitNew = ({ parameters = {}, labels, more }: Typed) => {
    const request = {
      pipelineId: pipeline.id,
      parameters,
      labels: Object.keys(labels).length > 0 ? labels : undefined,
      note: more.note.trim() || undefined,
      priority: more.priority || undefined,
      runAt: more.runAt,
    };
    return submitRun.mutateAsync({
      idempotencyKey: keyFor(more, request),
      request,
    });
  };
  const retryEarlier = (runId: string, typed: Typed) => {
    const { parameters, labels, more, before, fromFailedStep } = typed;
    const request = {
      parameters,
      labels: more.labels === before.labels ? undefined : labels,
      note: more.note === before.note ? undefined : more.note.trim(),
      priority: more.priority === before.priority ? undefined : more.priority,
      fromFailedStep: fromFailedStep || undefined,
    };
    return retryRun.mutateAsync({
      runId,
      idempotencyKey: keyFor(more, request),
      request,
    });
  };
  return {
    isPending: submitRun.isPending || retryRun.isPending,
    send: (typed: Typed) =>
      retry && from ? retryEarlier(from.id, typed) : submitNew(typed),
  };
}

function moreOf(from: RunFormProps['from'], isRetry: boolean): MoreValues {
  return {
    // A retry is the same run once more; a new run is somebody's own.
    note: isRetry ? from?.note ?? '' : '',
    labels: formatLabels(from?.labels ?? {}),
    priority: from?.priority ?? 0,
    idempotencyKey: '',
  };
}

import { useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Dialog,
  DialogBody,
  DialogHeader,
  Select,
  Text,
} from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  type Pipeline,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  messageOf,
  PanelState,
  usePipeline,
  usePipelines,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import styles from './RunDialog.module.css';
import { RunForm } from './RunForm';
import { useSubmitKey, type SubmitRef } from './useSubmitKey';

/** Pipelines to choose from; with more of them the dialog opens from the list. */
const MAX_PIPELINE_OPTIONS = 200;

/** What {@link RunDialog} is about. */
export interface RunDialogProps {
  /** Undefined lets the person choose. */
  pipelineId?: string;
  /** The run whose values fill the form. */
  fromRunId?: string;
  /** Whether that run is retried, instead of one like it being submitted. */
  isRetry?: boolean;
  /** Whether the retry begins at the step that failed, at first. */
  isFromFailedStep?: boolean;
  /** Offers only the pipelines of this entity. */
  entityRef?: string;
  onChoose(pipelineId: string): void;
  /** Fills the form with the values of another run. */
  onFill(runId: string): void;
  onClose(): void;
}

/** The Run… dialog: chooses a pipeline, asks for its parameters, and submits a run. */
export function RunDialog(props: RunDialogProps) {
  const { pipelineId, onClose } = props;
  const submit: SubmitRef = useRef();
  const pipeline = usePipeline(pipelineId);
  // Where one pipeline was asked for, there is nothing to choose.
  const [isFixed] = useState(pipelineId !== undefined);
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const part = useRef<HTMLDivElement>(null);
  useSubmitKey(part, submit);
  return (
    <Dialog
      isOpen
      isDismissable={false}
      onOpenChange={isOpen => !isOpen && onClose()}
      width={720}
    >
      <div ref={part} className={styles.dialog}>
        <DialogHeader>
          <Title {...props} isFixed={isFixed} title={pipeline.data?.title} />
        </DialogHeader>
        {!isFixed && <PipelinePicker {...props} />}
        {pipelineId === undefined ? (
          <DialogBody className={styles.body}>
            <Text color="secondary">{t('submit.choose')}</Text>
          </DialogBody>
        ) : (
          <div className={styles.content}>
            <ChosenPipeline {...props} query={pipeline} submitRef={submit} />
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Title(props: { isFixed: boolean; isRetry?: boolean; title?: string }) {
  const { isFixed, isRetry, title } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!isFixed || !title) {
    return <>{t('submit.title')}</>;
  }
  return (
    <>
      {isRetry
        ? t('submit.titleRetry', { title })
        : t('submit.titleOf', { title })}
    </>
  );
}

function PipelinePicker(props: RunDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pipelines = usePipelines({
    entity: props.entityRef ? [props.entityRef] : undefined,
    limit: MAX_PIPELINE_OPTIONS,
  });
  const items = (
    pipelines.data?.pages.flatMap(page => page.items) ?? []
  ).filter(({ engine }) => engine !== OUTSIDE_ENGINE);
  return (
    <div className={styles.picker}>
      <Select
        label={t('submit.pipeline')}
        placeholder={t('submit.choose')}
        search
        options={items.map(({ id, title, description }) => ({
          id,
          label: title,
          description,
        }))}
        value={props.pipelineId ?? null}
        onChange={key => key !== null && props.onChoose(String(key))}
      />
    </div>
  );
}

type FormPlace = RunDialogProps & { submitRef: SubmitRef };

function ChosenPipeline(
  props: FormPlace & { query: ReturnType<typeof usePipeline> },
) {
  const { query, fromRunId, pipelineId, submitRef, onFill, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <PanelState
      query={query}
      skeletonHeight={180}
      notFound={
        <Alert
          status="danger"
          icon
          description={t('submit.unknownPipeline', {
            pipeline: pipelineId ?? '',
          })}
        />
      }
    >
      {pipeline => {
        if (pipeline.engine === OUTSIDE_ENGINE) {
          return (
            <Alert
              status="info"
              icon
              title={t('pipeline.outside.title')}
              description={t('pipeline.outside.text')}
            />
          );
        }
        return fromRunId ? (
          <FilledForm
            {...props}
            key={fromRunId}
            pipeline={pipeline}
            runId={fromRunId}
          />
        ) : (
          <RunForm
            key={pipeline.id}
            pipeline={pipeline}
            submitRef={submitRef}
            onFill={onFill}
            onClose={onClose}
          />
        );
      }}
    </PanelState>
  );
}

function FilledForm(props: FormPlace & { runId: string; pipeline: Pipeline }) {
  const { pipeline, submitRef, isRetry, isFromFailedStep } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const run = useRun(props.runId);
  // What becomes of that run meanwhile must not change what is being typed.
  const [from, setFrom] = useState<RunDetail>();
  if (!from && run.data) {
    setFrom(run.data);
  }
  const place = {
    pipeline,
    submitRef,
    onFill: props.onFill,
    onClose: props.onClose,
  };
  if (!from && run.error) {
    return (
      <RunForm
        {...place}
        notice={t('submit.fromFailed', { reason: messageOf(run.error) })}
      />
    );
  }
  return (
    <PanelState query={{ ...run, data: from }} skeletonHeight={180}>
      {earlier => (
        <RunForm
          {...place}
          from={earlier}
          retry={isRetry ? { isFromFailedStep } : undefined}
          notice={t('submit.filledFrom', { title: earlier.title })}
        />
      )}
    </PanelState>
  );
}

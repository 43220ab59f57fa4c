import { useState } from 'react';
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
  messageOf,
  PanelState,
  usePipeline,
  usePipelines,
  useRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import styles from './RunDialog.module.css';
import { RunForm } from './RunForm';

/** Pipelines to choose from; with more of them the dialog opens from the list. */
const MAX_PIPELINE_OPTIONS = 200;

/** What {@link RunDialog} is about. */
export interface RunDialogProps {
  /** Undefined lets the person choose. */
  pipelineId?: string;
  /** The run whose values fill the form. */
  fromRunId?: string;
  /** Offers only the pipelines of this entity. */
  entityRef?: string;
  onChoose(pipelineId: string): void;
  onClose(): void;
}

/** The Run… dialog: chooses a pipeline, asks for its parameters, and submits a run. */
export function RunDialog(props: RunDialogProps) {
  const { pipelineId, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pipeline = usePipeline(pipelineId);
  // Where one pipeline was asked for, there is nothing to choose.
  const [isFixed] = useState(pipelineId !== undefined);
  const title = pipeline.data?.title;
  return (
    <Dialog
      isOpen
      isDismissable={false}
      onOpenChange={isOpen => !isOpen && onClose()}
      width={720}
    >
      <DialogHeader>
        {isFixed && title ? t('submit.titleOf', { title }) : t('submit.title')}
      </DialogHeader>
      {!isFixed && <PipelinePicker {...props} />}
      {pipelineId === undefined ? (
        <DialogBody className={styles.body}>
          <Text color="secondary">{t('submit.choose')}</Text>
        </DialogBody>
      ) : (
        <div className={styles.content}>
          <ChosenPipeline {...props} query={pipeline} />
        </div>
      )}
    </Dialog>
  );
}

function PipelinePicker(props: RunDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pipelines = usePipelines({
    entity: props.entityRef ? [props.entityRef] : undefined,
    limit: MAX_PIPELINE_OPTIONS,
  });
  const items = pipelines.data?.pages.flatMap(page => page.items) ?? [];
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

function ChosenPipeline(
  props: RunDialogProps & { query: ReturnType<typeof usePipeline> },
) {
  const { query, fromRunId, pipelineId } = props;
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
      {pipeline =>
        fromRunId ? (
          <FilledForm {...props} pipeline={pipeline} runId={fromRunId} />
        ) : (
          <RunForm
            key={pipeline.id}
            pipeline={pipeline}
            onClose={props.onClose}
          />
        )
      }
    </PanelState>
  );
}

function FilledForm(
  props: RunDialogProps & {
    runId: string;
    pipeline: Parameters<typeof RunForm>[0]['pipeline'];
  },
) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const run = useRun(props.runId);
  if (run.error) {
    return (
      <RunForm
        pipeline={props.pipeline}
        notice={t('submit.fromFailed', { reason: messageOf(run.error) })}
        onClose={props.onClose}
      />
    );
  }
  return (
    <PanelState query={run} skeletonHeight={180}>
      {from => (
        <RunForm
          pipeline={props.pipeline}
          from={from}
          notice={t('submit.filledFrom', { title: from.title })}
          onClose={props.onClose}
        />
      )}
    </PanelState>
  );
}

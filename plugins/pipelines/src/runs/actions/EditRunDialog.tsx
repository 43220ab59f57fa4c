import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextAreaField } from '@backstage/ui';
import { useUpdateRun } from '@millrace/backstage-plugin-pipelines-react';
import { formatLabels, MAX_LABELS, parseLabels } from '../../submit/labels';
import { pipelinesTranslationRef } from '../../translation';
import type { RunActionDialogProps } from './CancelRunDialog';
import { ConfirmRunAction } from './ConfirmRunAction';
import { useRunToast } from './useRunToast';

const MAX_NOTE_LENGTH = 2_000;

/** Asks for the note and the labels of a run. */
export function EditRunDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const updateRun = useUpdateRun();
  // What somebody else saves meanwhile must not take away what is being typed.
  const [before] = useState({
    note: run.note ?? '',
    labels: formatLabels(run.labels),
  });
  const [note, setNote] = useState(before.note);
  const [labels, setLabels] = useState(before.labels);
  const parsed = parseLabels(labels);
  const { wrongLine } = parsed;
  const wrongText =
    wrongLine !== undefined && wrongLine > MAX_LABELS
      ? t('submit.labelsTooMany', { max: String(MAX_LABELS) })
      : t('submit.labelsWrong', { line: String(wrongLine) });
  const change = {
    note: note === before.note ? undefined : note.trim(),
    labels: labels === before.labels ? undefined : parsed.labels,
  };
  const isChanged = change.note !== undefined || change.labels !== undefined;
  return (
    <ConfirmRunAction
      run={run}
      title={t('actions.editTitle')}
      consequence={t('actions.editConsequence')}
      confirmLabel={t('actions.editConfirm')}
      isReady={isChanged && wrongLine === undefined}
      onClose={onClose}
      onConfirm={async () => {
        await updateRun.mutateAsync({ runId: run.id, ...change });
        toast(t('actions.editDone', { title: run.title }), run);
      }}
    >
      <TextAreaField
        label={t('submit.note')}
        rows={3}
        maxLength={MAX_NOTE_LENGTH}
        value={note}
        onChange={setNote}
      />
      <TextAreaField
        label={t('submit.labels')}
        description={
          wrongLine === undefined ? t('submit.labelsHint') : wrongText
        }
        isInvalid={wrongLine !== undefined}
        rows={3}
        value={labels}
        onChange={setLabels}
      />
    </ConfirmRunAction>
  );
}

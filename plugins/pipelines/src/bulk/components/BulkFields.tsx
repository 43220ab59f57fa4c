import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, NumberField, TextAreaField } from '@backstage/ui';
import { MAX_LABELS, parseLabels } from '../../submit/labels';
import { pipelinesTranslationRef } from '../../translation';
import type { BulkDraft } from '../bulkRequest';

const MAX_PRIORITY = 100;
const MAX_REASON_LENGTH = 2_000;

/** What {@link BulkFields} asks for. */
export interface BulkFieldsProps {
  draft: BulkDraft;
  onChange(draft: BulkDraft): void;
  reason: string;
  onReason(reason: string): void;
}

/** What the chosen bulk action wants to know besides, and the reason for it. */
export function BulkFields(props: BulkFieldsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { draft, reason, onReason } = props;
  const change = (changes: Partial<BulkDraft>) =>
    props.onChange({ ...draft, ...changes });
  return (
    <>
      {draft.action === 'cancel' && (
        <Checkbox
          isSelected={draft.force}
          onChange={force => change({ force })}
        >
          {t('bulk.force')}
        </Checkbox>
      )}
      {draft.action === 'retry' && (
        <Checkbox
          isSelected={draft.fromFailedStep}
          onChange={fromFailedStep => change({ fromFailedStep })}
        >
          {t('bulk.fromFailedStep')}
        </Checkbox>
      )}
      {draft.action === 'priority' && (
        <NumberField
          label={t('actions.priorityLabel')}
          description={t('actions.priorityHint')}
          minValue={-MAX_PRIORITY}
          maxValue={MAX_PRIORITY}
          value={draft.priority}
          onChange={priority => change({ priority })}
        />
      )}
      {draft.action === 'label' && (
        <LabelsField
          value={draft.labels}
          onChange={labels => change({ labels })}
        />
      )}
      <TextAreaField
        label={t('bulk.reason')}
        rows={2}
        maxLength={MAX_REASON_LENGTH}
        value={reason}
        onChange={onReason}
      />
    </>
  );
}

function LabelsField(props: { value: string; onChange(text: string): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { wrongLine } = parseLabels(props.value);
  const wrongText =
    wrongLine !== undefined && wrongLine > MAX_LABELS
      ? t('submit.labelsTooMany', { max: String(MAX_LABELS) })
      : t('submit.labelsWrong', { line: String(wrongLine) });
  return (
    <TextAreaField
      label={t('bulk.labels')}
      description={wrongLine === undefined ? t('submit.labelsHint') : wrongText}
      isInvalid={wrongLine !== undefined}
      rows={2}
      value={props.value}
      onChange={props.onChange}
    />
  );
}

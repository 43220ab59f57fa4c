import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  NumberField,
  TextAreaField,
  TextField,
} from '@backstage/ui';
import { DateTimeField } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { MAX_LABELS, parseLabels } from './labels';
import styles from './RunDialog.module.css';

const MAX_NOTE_LENGTH = 2_000;
const MAX_PRIORITY = 100;

/** What a run can be given besides its parameters. */
export interface MoreValues {
  note: string;
  /** One `name=value` per line. */
  labels: string;
  priority: number;
  /** Earliest start, ISO 8601; undefined is as soon as possible. */
  runAt?: string;
  /** Empty makes one by itself. */
  idempotencyKey: string;
}

const MAX_KEY_LENGTH = 200;

/** What can be said of a run besides its parameters, folded away until it is wanted. */
export function MoreFields(props: {
  value: MoreValues;
  /** Whether an earlier run is retried, which cannot wait for a time. */
  isRetry?: boolean;
  onChange(value: MoreValues): void;
}) {
  const { value, isRetry, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { wrongLine } = parseLabels(value.labels);
  const wrongText =
    wrongLine !== undefined && wrongLine > MAX_LABELS
      ? t('submit.labelsTooMany', { max: String(MAX_LABELS) })
      : t('submit.labelsWrong', { line: String(wrongLine) });
  return (
    <Accordion defaultExpanded={value.labels !== '' || value.priority !== 0}>
      <AccordionTrigger title={t('submit.more')} />
      <AccordionPanel>
        <div className={styles.more}>
          <TextField
            label={t('submit.note')}
            description={t('submit.noteHint')}
            maxLength={MAX_NOTE_LENGTH}
            value={value.note}
            onChange={note => onChange({ ...value, note })}
          />
          <TextAreaField
            label={t('submit.labels')}
            description={
              wrongLine === undefined ? t('submit.labelsHint') : wrongText
            }
            isInvalid={wrongLine !== undefined}
            rows={2}
            value={value.labels}
            onChange={labels => onChange({ ...value, labels })}
          />
          <NumberField
            label={t('submit.priority')}
            description={t('submit.priorityHint')}
            minValue={-MAX_PRIORITY}
            maxValue={MAX_PRIORITY}
            value={value.priority}
            onChange={priority =>
              onChange({
                ...value,
                priority: Number.isNaN(priority) ? 0 : priority,
              })
            }
          />
          {!isRetry && (
            <DateTimeField
              label={t('submit.startAt')}
              description={t('submit.startAtHint')}
              value={value.runAt}
              onChange={runAt => onChange({ ...value, runAt })}
            />
          )}
          <TextField
            label={t('submit.key')}
            description={t('submit.keyHint')}
            maxLength={MAX_KEY_LENGTH}
            autoComplete="off"
            value={value.idempotencyKey}
            onChange={idempotencyKey => onChange({ ...value, idempotencyKey })}
          />
        </div>
      </AccordionPanel>
    </Accordion>
  );
}

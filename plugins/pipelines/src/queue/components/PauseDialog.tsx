import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup } from '@backstage/ui';
import {
  ConfirmAction,
  DateTimeField,
  usePauseQueue,
  useResumeQueue,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './PauseDialog.module.css';

const TOAST_MS = 6_000;
const HOUR_MS = 3_600_000;

/** How long a pause lasts: until somebody ends it, some hours, or until a time. */
const LENGTHS = ['resumed', '1h', '4h', '24h', 'time'] as const;

type Length = (typeof LENGTHS)[number];

const LENGTH_LABELS = {
  resumed: 'queue.pauseDialog.untilResumed',
  '1h': 'queue.pauseDialog.for1h',
  '4h': 'queue.pauseDialog.for4h',
  '24h': 'queue.pauseDialog.for24h',
  time: 'queue.pauseDialog.atTime',
} as const satisfies Record<Length, string>;

/** What {@link PauseDialog} and {@link ResumeDialog} are about: a pipeline, or the whole queue. */
export interface PauseDialogProps {
  pipeline?: { id: string; title: string };
  onClose(): void;
}

/** Asks how long, why, and what scheduled runs do meanwhile, and pauses. */
export function PauseDialog({ pipeline, onClose }: PauseDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const pause = usePauseQueue();
  const [length, setLength] = useState<Length>('resumed');
  const [time, setTime] = useState<string>();
  const [scheduledRuns, setScheduledRuns] = useState<'keep' | 'drop'>('keep');
  const isPast =
    length === 'time' && time !== undefined && Date.parse(time) <= Date.now();
  const confirm = async (reason: string | undefined) => {
    await pause.mutateAsync({
      pipelineId: pipeline?.id,
      request: { reason, until: endOf(length, time), scheduledRuns },
    });
    toasts.post({
      title: pipeline
        ? t('queue.pauseDialog.doneOf', { title: pipeline.title })
        : t('queue.pauseDialog.done'),
      status: 'success',
      timeout: TOAST_MS,
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={
        pipeline
          ? t('queue.pauseDialog.titleOf', { title: pipeline.title })
          : t('queue.pauseDialog.title')
      }
      consequence={
        pipeline
          ? t('queue.pauseDialog.consequenceOf')
          : t('queue.pauseDialog.consequence')
      }
      confirmLabel={t('queue.pauseDialog.confirm')}
      withReason
      isReady={length !== 'time' || (time !== undefined && !isPast)}
      onConfirm={confirm}
    >
      <RadioGroup
        label={t('queue.pauseDialog.until')}
        value={length}
        onChange={value => setLength(value as Length)}
      >
        {LENGTHS.map(value => (
          <Radio key={value} value={value}>
            {t(LENGTH_LABELS[value])}
          </Radio>
        ))}
      </RadioGroup>
      {length === 'time' && (
        <div>
          <DateTimeField
            label={t('queue.pauseDialog.time')}
            description={t('queue.pauseDialog.timeHint')}
            value={time}
            isInvalid={isPast}
            onChange={setTime}
          />
          {isPast && (
            <p className={styles.problem} role="alert">
              {t('queue.pauseDialog.timePast')}
            </p>
          )}
        </div>
      )}
      <RadioGroup
        label={t('queue.pauseDialog.scheduled')}
        value={scheduledRuns}
        onChange={value => setScheduledRuns(value as 'keep' | 'drop')}
      >
        <Radio value="keep">{t('queue.pauseDialog.keep')}</Radio>
        <Radio value="drop">{t('queue.pauseDialog.drop')}</Radio>
      </RadioGroup>
    </ConfirmAction>
  );
}

function endOf(length: Length, time: string | undefined): string | undefined {
  if (length === 'resumed') {
    return undefined;
  }
  return length === 'time'
    ? time
    : new Date(Date.now() + parseInt(length, 10) * HOUR_MS).toISOString();
}

/** Asks before a pause is ended. */
export function ResumeDialog({ pipeline, onClose }: PauseDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const resume = useResumeQueue();
  const confirm = async (reason: string | undefined) => {
    await resume.mutateAsync({ pipelineId: pipeline?.id, request: { reason } });
    toasts.post({
      title: pipeline
        ? t('queue.pauseDialog.resumedOf', { title: pipeline.title })
        : t('queue.pauseDialog.resumed'),
      status: 'success',
      timeout: TOAST_MS,
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={
        pipeline
          ? t('queue.pauseDialog.resumeTitleOf', { title: pipeline.title })
          : t('queue.pauseDialog.resumeTitle')
      }
      consequence={t('queue.pauseDialog.resumeConsequence')}
      confirmLabel={t('queue.pauseDialog.resumeConfirm')}
      withReason
      onConfirm={confirm}
    />
  );
}

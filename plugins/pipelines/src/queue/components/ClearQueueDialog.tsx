import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Radio, RadioGroup, Text } from '@backstage/ui';
import type { ClearQueueResponse } from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  messageOf,
  useClearPreview,
  useClearQueue,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

const TOAST_MS = 6_000;

/** What {@link ClearQueueDialog} clears. */
export interface ClearQueueDialogProps {
  /** Only runs of these pipelines; none means all. */
  pipelines: readonly string[];
  onClose(): void;
}

/**
 * Counts what would be cancelled, asks, and cancels exactly that.
 *
 * @remarks
 * The confirmed number is sent along: when the queue has changed meanwhile nothing is
 * cancelled, and the dialog counts again.
 */
export function ClearQueueDialog(props: ClearQueueDialogProps) {
  const { pipelines, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const clear = useClearQueue();
  const [scheduledRuns, setScheduledRuns] = useState<'keep' | 'drop'>('keep');
  const request = {
    pipeline: pipelines.length > 0 ? [...pipelines] : undefined,
    scheduledRuns,
  };
  const preview = useClearPreview(request);
  const count = preview.data;
  const confirm = async (reason: string | undefined) => {
    const { cancelled } = await clear.mutateAsync({
      ...request,
      reason,
      expected: count?.cancelled,
    });
    toasts.post({
      title: t('queue.clearDialog.done', { count: cancelled }),
      status: 'success',
      timeout: TOAST_MS,
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={
        count
          ? t('queue.clearDialog.title', { count: count.cancelled })
          : t('queue.clear')
      }
      consequence={
        pipelines.length > 0
          ? t('queue.clearDialog.consequenceOf', {
              pipelines: pipelines.join(', '),
            })
          : t('queue.clearDialog.consequence')
      }
      confirmLabel={t('queue.clearDialog.confirm')}
      destructive
      withReason
      count={count?.cancelled}
      isReady={count !== undefined && count.cancelled > 0}
      onConfirm={confirm}
    >
      <RadioGroup
        label={t('queue.clearDialog.scheduled')}
        value={scheduledRuns}
        onChange={value => setScheduledRuns(value as 'keep' | 'drop')}
      >
        <Radio value="keep">{t('queue.clearDialog.keep')}</Radio>
        <Radio value="drop">{t('queue.clearDialog.drop')}</Radio>
      </RadioGroup>
      {preview.error ? (
        <Alert status="danger" icon description={messageOf(preview.error)} />
      ) : (
        <CountText count={count} />
      )}
    </ConfirmAction>
  );
}

function CountText({ count }: { count: ClearQueueResponse | undefined }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (!count) {
    return <Text color="secondary">{t('queue.clearDialog.counting')}</Text>;
  }
  return (
    <Text as="p" variant="body-small" role="status">
      {count.cancelled === 0 && <>{t('queue.clearDialog.nothing')} </>}
      {count.kept > 0 && t('queue.clearDialog.kept', { count: count.kept })}
    </Text>
  );
}

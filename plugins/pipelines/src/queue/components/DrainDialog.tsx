import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type { Worker } from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  useDrainWorker,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

const TOAST_MS = 6_000;

/** Asks before a worker is drained, or claims again. */
export function DrainDialog(props: { worker: Worker; onClose(): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const drainWorker = useDrainWorker();
  // The worker may have moved on while one reads; what was asked is what is done.
  const [{ id, drained, busySlots }] = useState(props.worker);
  const drain = drained === undefined;
  const confirm = async () => {
    await drainWorker.mutateAsync({ workerId: id, drain });
    toasts.post({
      title: t(drain ? 'queue.workers.drained' : 'queue.workers.undrained', {
        worker: id,
      }),
      status: 'success',
      timeout: TOAST_MS,
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      title={t(drain ? 'queue.workers.drainOf' : 'queue.workers.undrainOf', {
        worker: id,
      })}
      consequence={
        drain
          ? t('queue.workers.drainConsequence', { count: busySlots })
          : t('queue.workers.undrainConsequence')
      }
      confirmLabel={
        drain ? t('queue.workers.drain') : t('queue.workers.undrain')
      }
      onConfirm={confirm}
    />
  );
}

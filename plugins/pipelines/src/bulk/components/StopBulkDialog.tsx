import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type { Bulk } from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  useCancelRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';

const TOAST_MS = 6_000;

/** Asks before a bulk action is stopped. */
export function StopBulkDialog(props: {
  bulk: Bulk;
  title: string;
  onClose(): void;
}) {
  const { bulk, title, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const cancelRun = useCancelRun();
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={t('bulk.stopTitle')}
      consequence={t('bulk.stopConsequence')}
      names={[title]}
      confirmLabel={t('bulk.stopConfirm')}
      destructive
      withReason
      onConfirm={async reason => {
        await cancelRun.mutateAsync({ runId: bulk.id, reason });
        toasts.post({
          title: t('bulk.stopped', { title }),
          status: 'success',
          timeout: TOAST_MS,
        });
      }}
    />
  );
}

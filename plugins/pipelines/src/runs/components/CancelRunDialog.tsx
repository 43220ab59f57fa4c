import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  formatDuration,
  useCancelRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';

const TOAST_MS = 6_000;

/** What {@link CancelRunDialog} asks about. */
export interface CancelRunDialogProps {
  run: Run & { stopGraceSeconds?: number };
  onClose(): void;
}

/**
 * Asks before a run is cancelled, or before one that is being cancelled is killed.
 *
 * @remarks
 * A refusal, such as that the run ended meanwhile, stays in the dialog; the page behind it
 * already shows the new state.
 */
export function CancelRunDialog({ run, onClose }: CancelRunDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const links = useRunLinks();
  const cancelRun = useCancelRun();
  // The run may move on while one reads; what was asked is what is done.
  const [asked] = useState(run);
  const texts = useTexts(asked);
  const confirm = async (reason: string | undefined) => {
    await cancelRun.mutateAsync({
      runId: run.id,
      reason,
      force: texts.isForced || undefined,
    });
    toasts.post({
      title: texts.done,
      status: 'success',
      timeout: TOAST_MS,
      links: [{ label: t('submit.open'), href: links.run(run.id) }],
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={texts.title}
      consequence={texts.consequence}
      names={[run.title]}
      confirmLabel={texts.confirm}
      destructive
      withReason={!texts.isForced}
      onConfirm={confirm}
    />
  );
}

function useTexts(run: CancelRunDialogProps['run']) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { title } = run;
  if (run.state === 'cancelling') {
    return {
      isForced: true,
      title: t('cancel.killTitle'),
      consequence: t('cancel.killConsequence'),
      confirm: t('cancel.killConfirm'),
      done: t('cancel.killed', { title }),
    };
  }
  const isQueued = run.state === 'queued';
  const grace = run.stopGraceSeconds;
  const started =
    grace === undefined
      ? t('cancel.consequenceNoTime')
      : t('cancel.consequence', { grace: formatDuration(grace * 1_000) });
  return {
    isForced: false,
    title: t('cancel.title'),
    consequence: isQueued ? t('cancel.consequenceQueued') : started,
    confirm: t('cancel.confirm'),
    done: isQueued
      ? t('cancel.doneQueued', { title })
      : t('cancel.done', { title }),
  };
}

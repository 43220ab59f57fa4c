import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { NumberField, Text } from '@backstage/ui';
import {
  useRunEvents,
  useUpdateRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import type { RunActionDialogProps } from './CancelRunDialog';
import { ConfirmRunAction } from './ConfirmRunAction';
import { moveToTopOf } from './moveToTopOf';
import { useRunToast } from './useRunToast';

const MAX_PRIORITY = 100;

/** What the priority was when the dialog was ready to ask. */
interface PriorityBefore {
  own: number;
  moved: ReturnType<typeof moveToTopOf>;
}

/**
 * Asks for the priority of a queued run.
 *
 * @remarks
 * "Move to top" lends a run a priority that depends on the others that wait; its own is the one
 * that it had before.
 */
export function PriorityDialog({ run, onClose }: RunActionDialogProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const updateRun = useUpdateRun();
  const events = useRunEvents(run.id);
  const [typed, setTyped] = useState<number>();
  // What is told later must not take away what is being typed.
  const [before, setBefore] = useState<PriorityBefore>();
  if (!before && !events.isFetching) {
    const moved = moveToTopOf(events.data?.pages.flatMap(({ items }) => items));
    setBefore({ own: moved?.from ?? run.priority, moved });
  }
  const own = before?.own ?? run.priority;
  const priority =
    typed ?? Math.max(-MAX_PRIORITY, Math.min(own, MAX_PRIORITY));
  return (
    <ConfirmRunAction
      run={run}
      title={t('actions.priorityTitle')}
      consequence={t('actions.priorityConsequence')}
      confirmLabel={t('actions.priorityConfirm')}
      isReady={before !== undefined && !Number.isNaN(priority)}
      onClose={onClose}
      onConfirm={async () => {
        await updateRun.mutateAsync({ runId: run.id, priority });
        toast(
          t('actions.priorityDone', {
            title: run.title,
            priority: String(priority),
          }),
          run,
        );
      }}
    >
      {before?.moved && (
        <Text as="p" variant="body-small">
          {t('actions.priorityMoved', {
            from: String(before.moved.from),
            to: String(before.moved.to),
          })}
        </Text>
      )}
      <NumberField
        label={t('actions.priorityLabel')}
        description={t('actions.priorityHint')}
        minValue={-MAX_PRIORITY}
        maxValue={MAX_PRIORITY}
        isDisabled={!before}
        value={priority}
        onChange={setTyped}
      />
    </ConfirmRunAction>
  );
}

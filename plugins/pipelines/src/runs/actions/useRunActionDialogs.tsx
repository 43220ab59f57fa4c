import { ComponentType, ReactNode, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import {
  messageOf,
  useUpdateRun,
} from '@millrace/backstage-plugin-pipelines-react';
import { useRunDialogUrl } from '../../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../../translation';
import {
  CancelRunDialog,
  KillRunDialog,
  type RunActionDialogProps,
} from './CancelRunDialog';
import { ConflictNotice, isConflict } from './ConflictNotice';
import { EditRunDialog } from './EditRunDialog';
import type { ActionableRun, RunAction } from './legalActions';
import { PauseRunDialog, ResumeRunDialog } from './PauseRunDialog';
import { PriorityDialog } from './PriorityDialog';
import { RetryRunDialog } from './RetryRunDialog';
import { useRunToast } from './useRunToast';

/** Actions that are asked about first; the others are done at once, because they are easily undone. */
const DIALOGS: Partial<Record<RunAction, ComponentType<RunActionDialogProps>>> =
  {
    retry: RetryRunDialog,
    pause: PauseRunDialog,
    resume: ResumeRunDialog,
    priority: PriorityDialog,
    edit: EditRunDialog,
    cancel: CancelRunDialog,
    kill: KillRunDialog,
  };

/** Begins an action on a run: does it, or asks first. */
export type BeginRunAction = (action: RunAction, run: ActionableRun) => void;

/** How actions on runs are begun, and what they ask; `dialogs` must be drawn once. */
export function useRunActionDialogs(): {
  begin: BeginRunAction;
  dialogs: ReactNode;
} {
  const form = useRunDialogUrl();
  const move = useMoveInQueue();
  const [asked, setAsked] = useState<{
    action: RunAction;
    run: ActionableRun;
    failure?: unknown;
  }>();
  const close = () => setAsked(undefined);
  const begin: BeginRunAction = async (action, run) => {
    if (action === 'runAgain') {
      form.open(run.pipelineId, run.id);
    } else if (action === 'runNow' || action === 'toFront') {
      try {
        await move(action, run);
      } catch (failure) {
        setAsked({ action, run, failure });
      }
    } else {
      setAsked({ action, run });
    }
  };
  const Asking = asked && DIALOGS[asked.action];
  return {
    begin,
    dialogs: (
      <>
        {Asking && <Asking run={asked.run} onClose={close} />}
        {asked?.failure !== undefined && (
          <FailureDialog {...asked} onClose={close} />
        )}
      </>
    ),
  };
}

function useMoveInQueue() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toast = useRunToast();
  const updateRun = useUpdateRun();
  return async (action: 'runNow' | 'toFront', run: ActionableRun) => {
    await updateRun.mutateAsync({
      runId: run.id,
      ...(action === 'runNow' ? { runAt: 'now' } : { toFront: true }),
    });
    toast(t(`actions.${action}Done` as const, { title: run.title }), run);
  };
}

function FailureDialog(props: {
  action: RunAction;
  run: ActionableRun;
  failure?: unknown;
  onClose(): void;
}) {
  const { action, run, failure, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && onClose()} width={480}>
      <DialogHeader>
        {t('actions.notDone', { action: t(`actions.${action}` as const) })}
      </DialogHeader>
      <DialogBody>
        {isConflict(failure) ? (
          <ConflictNotice run={run} error={failure} onClose={onClose} />
        ) : (
          <Alert status="danger" icon description={messageOf(failure)} />
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" slot="close">
          {t('actions.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

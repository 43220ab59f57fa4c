import {
  ConfirmAction,
  type ConfirmActionProps,
} from '@millrace/backstage-plugin-pipelines-react';
import { ConflictNotice, isConflict } from './ConflictNotice';
import type { ActionableRun } from './legalActions';

/** What {@link ConfirmRunAction} asks. */
export type ConfirmRunActionProps = Omit<
  ConfirmActionProps,
  'isOpen' | 'onOpenChange' | 'names' | 'finalFailure'
> & {
  run: ActionableRun;
  onClose(): void;
};

/** Asks before something is done to one run, and says who was faster if somebody was. */
export function ConfirmRunAction(props: ConfirmRunActionProps) {
  const { run, onClose, ...question } = props;
  return (
    <ConfirmAction
      {...question}
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      names={[run.title]}
      finalFailure={error =>
        isConflict(error) ? (
          <ConflictNotice run={run} error={error} onClose={onClose} />
        ) : undefined
      }
    />
  );
}

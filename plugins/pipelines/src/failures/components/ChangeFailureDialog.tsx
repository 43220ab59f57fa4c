import type { ReactNode } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { ConfirmAction } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from '../Failures.module.css';
import {
  PartlyRefusedError,
  useChangeFailures,
  type FailuresChange,
  type NamedFailure,
} from '../useChangeFailures';

const TOAST_MS = 6_000;

const DONE = {
  resolve: 'resolved',
  ignore: 'ignored',
  unresolve: 'unresolved',
} as const;
const CONFIRM = {
  resolve: 'resolve',
  ignore: 'confirmIgnore',
  unresolve: 'unresolve',
} as const;

/** What {@link ChangeFailureDialog} asks about. */
export interface ChangeFailureDialogProps {
  /** At least one. */
  failures: readonly NamedFailure[];
  action: FailuresChange['action'];
  /** What is sent for each of them. */
  changeOf(reason: string | undefined): FailuresChange;
  isReady?: boolean;
  /** Fields of its own. */
  children?: ReactNode;
  onClose(): void;
  /** After all of them were changed. */
  onDone?(): void;
}

/** Asks why, and changes the state of one or several failures; says which of several were refused. */
export function ChangeFailureDialog(props: ChangeFailureDialogProps) {
  const { failures, action, changeOf, isReady, onClose, onDone } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const change = useChangeFailures();
  const count = failures.length;
  const isOne = count === 1;
  const confirm = async (reason: string | undefined) => {
    await change(failures, changeOf(reason));
    toasts.post({
      title: isOne
        ? t(`failures.actions.${DONE[action]}` as const)
        : t(`failures.actions.${DONE[action]}Many` as const, { count }),
      status: 'success',
      timeout: TOAST_MS,
    });
    onDone?.();
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && onClose()}
      title={
        isOne
          ? t(`failures.actions.${action}Title` as const)
          : t(`failures.actions.${action}TitleMany` as const, { count })
      }
      consequence={t(`failures.actions.${action}Text` as const)}
      names={isOne ? [] : failures.map(({ template }) => template)}
      count={count}
      confirmLabel={t(`failures.actions.${CONFIRM[action]}` as const)}
      withReason
      isReady={isReady}
      finalFailure={error =>
        error instanceof PartlyRefusedError ? (
          <Refusals error={error} />
        ) : undefined
      }
      onConfirm={confirm}
    >
      {props.children}
    </ConfirmAction>
  );
}

function Refusals({ error }: { error: PartlyRefusedError }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Alert
      status="warning"
      icon
      title={t('failures.actions.partlyRefused', {
        changed: String(error.changed),
        refused: String(error.refused.length),
      })}
      description={
        <ul className={styles.refusals}>
          {error.refused.map(({ failure, reason }) => (
            <li key={failure.fingerprint}>
              <strong>{failure.template}</strong>: {reason}
            </li>
          ))}
        </ul>
      }
    />
  );
}

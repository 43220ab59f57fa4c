import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  runControlPermission,
  type FailureDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  ConfirmAction,
  useChangeFailure,
} from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowGoBackLine, RiCheckLine, RiEyeOffLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { IgnoreFailureDialog } from './IgnoreFailureDialog';

const TOAST_MS = 6_000;

/** Resolve, ignore or unresolve a failure; what it is already is not offered. */
export function FailureActions({ failure }: { failure: FailureDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { fingerprint, state, isControllable } = failure;
  const [asked, setAsked] = useState<'resolve' | 'ignore' | 'unresolve'>();
  const close = () => setAsked(undefined);
  const access = {
    isAllowed: isControllable,
    refusal: t('failures.actions.needsAll', {
      permission: runControlPermission.name,
    }),
  };
  const ignore = () => setAsked('ignore');
  const resolve = () => setAsked('resolve');
  useSingleKeys(
    state === 'resolved' ? { I: ignore } : { I: ignore, R: resolve },
    isControllable && asked === undefined,
  );
  return (
    <>
      {state !== 'resolved' && (
        <GatedButton
          access={access}
          hint="Shift+R"
          variant="primary"
          iconStart={<RiCheckLine />}
          onPress={resolve}
        >
          {t('failures.actions.resolve')}
        </GatedButton>
      )}
      <GatedButton
        access={access}
        hint="Shift+I"
        variant="secondary"
        iconStart={<RiEyeOffLine />}
        onPress={ignore}
      >
        {t('failures.actions.ignore')}
      </GatedButton>
      {state !== 'unresolved' && (
        <GatedButton
          access={access}
          variant="secondary"
          iconStart={<RiArrowGoBackLine />}
          onPress={() => setAsked('unresolve')}
        >
          {t('failures.actions.unresolve')}
        </GatedButton>
      )}
      {asked === 'ignore' && (
        <IgnoreFailureDialog fingerprint={fingerprint} onClose={close} />
      )}
      {(asked === 'resolve' || asked === 'unresolve') && (
        <ChangeDialog
          fingerprint={fingerprint}
          action={asked}
          onClose={close}
        />
      )}
    </>
  );
}

/** Asks why, and resolves or unresolves. */
function ChangeDialog(props: {
  fingerprint: string;
  action: 'resolve' | 'unresolve';
  onClose(): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const change = useChangeFailure();
  const { fingerprint, action } = props;
  const confirm = async (reason: string | undefined) => {
    await change.mutateAsync({ fingerprint, action, request: { reason } });
    toasts.post({
      title: t(`failures.actions.${action}d` as const),
      status: 'success',
      timeout: TOAST_MS,
    });
  };
  return (
    <ConfirmAction
      isOpen
      onOpenChange={isOpen => !isOpen && props.onClose()}
      title={t(`failures.actions.${action}Title` as const)}
      consequence={t(`failures.actions.${action}Text` as const)}
      confirmLabel={t(`failures.actions.${action}` as const)}
      withReason
      onConfirm={confirm}
    />
  );
}

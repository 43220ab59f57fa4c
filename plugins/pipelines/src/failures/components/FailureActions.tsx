import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  runControlPermission,
  type FailureDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import { RiArrowGoBackLine, RiCheckLine, RiEyeOffLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { ChangeFailureDialog } from './ChangeFailureDialog';
import { IgnoreFailureDialog } from './IgnoreFailureDialog';

/** Resolve, ignore or unresolve a failure; what it is already is not offered. */
export function FailureActions({ failure }: { failure: FailureDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { state, isControllable } = failure;
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
        <IgnoreFailureDialog failures={[failure]} onClose={close} />
      )}
      {(asked === 'resolve' || asked === 'unresolve') && (
        <ChangeFailureDialog
          failures={[failure]}
          action={asked}
          changeOf={reason => ({ action: asked, request: { reason } })}
          onClose={close}
        />
      )}
    </>
  );
}

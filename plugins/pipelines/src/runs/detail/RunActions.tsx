import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Tooltip, TooltipTrigger } from '@backstage/ui';
import {
  isCancellableRunState,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import { RiLink, RiRestartLine, RiStopCircleLine } from '@remixicon/react';
import { useRunDialogUrl } from '../../submit/useRunDialogUrl';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { absoluteUrl, useRunLinks } from '../../ui/RunLinks';
import { useCopy } from '../../ui/useCopy';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import { CancelRunDialog } from '../components/CancelRunDialog';

/** What can be done with a run. */
export function RunActions({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const copy = useCopy();
  const dialog = useRunDialogUrl();
  const [isCancelling, setCancelling] = useState(false);
  const pipeline = { id: run.pipelineId, owner: run.owner };
  const control = usePipelineAccess('control', pipeline);
  const submit = usePipelineAccess('run', pipeline);
  return (
    <>
      <TooltipTrigger>
        <ButtonIcon
          variant="tertiary"
          icon={<RiLink />}
          aria-label={t('common.copyLink')}
          onPress={() =>
            copy(absoluteUrl(links.run(run.id)), t('common.copied'))
          }
        />
        <Tooltip>{t('common.copyLink')}</Tooltip>
      </TooltipTrigger>
      <GatedButton
        access={submit}
        variant="secondary"
        iconStart={<RiRestartLine />}
        onPress={() => dialog.open(run.pipelineId, run.id)}
      >
        {t('run.runAgain')}
      </GatedButton>
      {isCancellableRunState(run.state) && !run.cancelRequest?.force && (
        <GatedButton
          access={control}
          variant="secondary"
          destructive
          iconStart={<RiStopCircleLine />}
          onPress={() => setCancelling(true)}
        >
          {run.state === 'cancelling' ? t('run.killNow') : t('run.cancel')}
        </GatedButton>
      )}
      {isCancelling && (
        <CancelRunDialog run={run} onClose={() => setCancelling(false)} />
      )}
    </>
  );
}

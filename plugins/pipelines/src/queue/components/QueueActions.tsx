import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { Queue } from '@millrace/backstage-plugin-pipelines-common';
import {
  RiDeleteBinLine,
  RiMore2Line,
  RiPauseLine,
  RiPlayLine,
  RiSettings3Line,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePortalAccess, useQueueAccess } from '../../ui/usePortalAccess';
import { ClearQueueDialog } from './ClearQueueDialog';
import { PauseDialog, ResumeDialog } from './PauseDialog';

/** What can be done to the whole queue: pause or resume it, clear it, and its settings. */
export function QueueActions(props: {
  queue: Queue;
  pipelines: readonly string[];
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { queue, pipelines } = props;
  const links = usePageLinks();
  const access = usePortalAccess('queue');
  const clearAccess = useQueueAccess(
    pipelines.length > 0
      ? pipelines
      : queue.pipelines.map(({ pipelineId }) => pipelineId),
  );
  const [asked, setAsked] = useState<'pause' | 'resume' | 'clear'>();
  const close = () => setAsked(undefined);
  return (
    <>
      {queue.paused ? (
        <GatedButton
          access={access}
          variant="primary"
          iconStart={<RiPlayLine />}
          onPress={() => setAsked('resume')}
        >
          {t('queue.resume')}
        </GatedButton>
      ) : (
        <GatedButton
          access={access}
          variant="secondary"
          iconStart={<RiPauseLine />}
          onPress={() => setAsked('pause')}
        >
          {t('queue.pause')}
        </GatedButton>
      )}
      <GatedButton
        access={clearAccess}
        variant="secondary"
        iconStart={<RiDeleteBinLine />}
        onPress={() => setAsked('clear')}
      >
        {t('queue.clear')}
      </GatedButton>
      <MenuTrigger>
        <ButtonIcon
          variant="tertiary"
          icon={<RiMore2Line />}
          aria-label={t('queue.menu')}
        />
        <Menu placement="bottom end">
          <MenuItem iconStart={<RiSettings3Line />} href={links.portalSettings}>
            {t('queue.portalSettings')}
          </MenuItem>
        </Menu>
      </MenuTrigger>
      {asked === 'pause' && <PauseDialog onClose={close} />}
      {asked === 'resume' && <ResumeDialog onClose={close} />}
      {asked === 'clear' && (
        <ClearQueueDialog pipelines={pipelines} onClose={close} />
      )}
    </>
  );
}

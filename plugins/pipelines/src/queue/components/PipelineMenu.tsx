import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import {
  OUTSIDE_ENGINE,
  type Pause,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RiFilterLine,
  RiFlowChart,
  RiMore2Line,
  RiPauseLine,
  RiPlayLine,
  RiSettings3Line,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedItem } from '../../ui/GatedItem';
import { usePageLinks } from '../../ui/usePageLinks';
import { usePipelineAccess } from '../../ui/usePipelineAccess';
import { PauseDialog, ResumeDialog } from './PauseDialog';

/** What {@link PipelineMenu} is about. */
export interface PipelineMenuProps {
  pipeline: {
    id: string;
    title: string;
    owner?: string;
    /** Absent means that it is started here. */
    engine?: string;
    paused?: Pause;
  };
  /** Shows only its queued runs; absent where there is no list of them. */
  onChoose?(): void;
}

/** Pause or resume a pipeline, and the ways to its settings and its page. */
export function PipelineMenu({ pipeline, onChoose }: PipelineMenuProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { id, title, paused } = pipeline;
  const links = usePageLinks();
  const access = usePipelineAccess('queue', pipeline);
  const [asked, setAsked] = useState<'pause' | 'resume'>();
  const Asking = asked === 'pause' ? PauseDialog : ResumeDialog;
  return (
    <>
      <MenuTrigger>
        <ButtonIcon
          size="small"
          variant="tertiary"
          icon={<RiMore2Line />}
          aria-label={t('queue.pipelines.menuOf', { title })}
        />
        <Menu placement="bottom end">
          {onChoose && (
            <MenuItem iconStart={<RiFilterLine />} onAction={onChoose}>
              {t('queue.pipelines.only')}
            </MenuItem>
          )}
          <MenuItem iconStart={<RiFlowChart />} href={links.pipeline(id)}>
            {t('queue.pipelines.open')}
          </MenuItem>
          <MenuItem
            iconStart={<RiSettings3Line />}
            href={links.pipeline(id, '?tab=settings')}
          >
            {t('queue.pipelines.settings')}
          </MenuItem>
          {(pipeline.engine !== OUTSIDE_ENGINE || paused) && (
            <GatedItem
              access={access}
              label={
                paused
                  ? t('queue.pipelines.resume')
                  : t('queue.pipelines.pause')
              }
              icon={paused ? <RiPlayLine /> : <RiPauseLine />}
              onAction={() => setAsked(paused ? 'resume' : 'pause')}
            />
          )}
        </Menu>
      </MenuTrigger>
      {asked && (
        <Asking pipeline={pipeline} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

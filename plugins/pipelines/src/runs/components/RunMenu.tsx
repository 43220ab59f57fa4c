import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { RiFileTextLine, RiMore2Line } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useRunLinks } from '../../ui/RunLinks';
import { legalActions } from '../actions/legalActions';
import { RunActionItems } from '../actions/RunActionItems';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import { CompareItem } from '../compare';

/** What {@link RunMenu} is for. */
export interface RunMenuProps {
  run: Run;
  begin: BeginRunAction;
}

/** The actions of one run in a list. */
export function RunMenu({ run, begin }: RunMenuProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="tertiary"
        icon={<RiMore2Line />}
        aria-label={t('common.openMenu', { title: run.title })}
      />
      <Menu placement="bottom end">
        <MenuItem
          iconStart={<RiFileTextLine />}
          href={links.run(run.id, '?tab=log')}
        >
          {t('runs.openLog')}
        </MenuItem>
        {run.state !== 'queued' && <CompareItem runId={run.id} />}
        <RunActionItems
          run={run}
          actions={legalActions(run, Date.now())}
          begin={begin}
        />
      </Menu>
    </MenuTrigger>
  );
}

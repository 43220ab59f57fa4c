import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import {
  isCancellableRunState,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  RiFileTextLine,
  RiLink,
  RiMore2Line,
  RiStopCircleLine,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { absoluteUrl, useRunLinks } from '../../ui/RunLinks';
import { useCopy } from '../../ui/useCopy';
import { usePipelineAccess } from '../../ui/usePipelineAccess';

/** The actions of one run in a list. */
export function RunMenu({ run, onCancel }: { run: Run; onCancel(): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const copy = useCopy();
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
        {isCancellableRunState(run.state) && (
          <CancelItem run={run} onCancel={onCancel} />
        )}
        <MenuItem
          iconStart={<RiLink />}
          onAction={() =>
            copy(absoluteUrl(links.run(run.id)), t('common.copied'))
          }
        >
          {t('common.copyLink')}
        </MenuItem>
      </Menu>
    </MenuTrigger>
  );
}

function CancelItem({ run, onCancel }: { run: Run; onCancel(): void }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const access = usePipelineAccess('control', { id: run.pipelineId });
  return (
    <MenuItem
      iconStart={<RiStopCircleLine />}
      color="danger"
      isDisabled={!access.isAllowed}
      onAction={onCancel}
    >
      {access.refusal
        ? `${t('runs.cancelRun')} ${access.refusal}`
        : t('runs.cancelRun')}
    </MenuItem>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuTrigger } from '@backstage/ui';
import type { Run } from '@millrace/backstage-plugin-pipelines-common';
import { useNow } from '@millrace/backstage-plugin-pipelines-react';
import { RiMore2Line } from '@remixicon/react';
import { legalActions, type RunAction } from '../../runs/actions/legalActions';
import { RunActionItems } from '../../runs/actions/RunActionItems';
import type { BeginRunAction } from '../../runs/actions/useRunActionDialogs';
import { pipelinesTranslationRef } from '../../translation';

const MINUTE_MS = 60_000;

/** What is worth offering of a run that waits. */
const OFFERED: readonly RunAction[] = [
  'runNow',
  'toFront',
  'priority',
  'pause',
  'resume',
  'cancel',
];

/** What can be done to a queued run. */
export function QueuedRunMenu(props: { run: Run; begin: BeginRunAction }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { run, begin } = props;
  const now = useNow(MINUTE_MS);
  const actions = legalActions(run, now).filter(action =>
    OFFERED.includes(action),
  );
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="tertiary"
        icon={<RiMore2Line />}
        aria-label={t('common.openMenu', { title: run.title })}
      />
      <Menu placement="bottom end">
        <RunActionItems run={run} actions={actions} begin={begin} />
      </Menu>
    </MenuTrigger>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuTrigger } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { RiMore2Line } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import {
  ACTION_ICONS,
  ACTION_KEYS,
  DESTRUCTIVE_ACTIONS,
} from '../actions/actionSigns';
import type { RunAction } from '../actions/legalActions';
import { RunActionItems } from '../actions/RunActionItems';
import { useActionAccess } from '../actions/useActionAccess';
import type { BeginRunAction } from '../actions/useRunActionDialogs';
import { CompareItem } from '../compare';

/** Actions that have a button where there is room; the others are in the menu, or in a banner. */
const WITH_BUTTON: readonly RunAction[] = [
  'retry',
  'runAgain',
  'pause',
  'resume',
  'cancel',
];

/** What {@link RunActions} offers. */
export interface RunActionsProps {
  run: RunDetail;
  actions: readonly RunAction[];
  begin: BeginRunAction;
}

/** What can be done with a run, as buttons, and a menu with the rest. */
export function RunActions(props: RunActionsProps) {
  const { actions } = props;
  return (
    <>
      {actions
        .filter(action => WITH_BUTTON.includes(action))
        .map(action => (
          <RunActionButton
            key={action}
            run={props.run}
            begin={props.begin}
            action={action}
          />
        ))}
      <RunActionsMenu
        {...props}
        actions={actions.filter(
          action => action !== 'kill' && !WITH_BUTTON.includes(action),
        )}
      />
    </>
  );
}

/** One action of a run as a button that says its key. */
export function RunActionButton(
  props: Omit<RunActionsProps, 'actions'> & {
    action: RunAction;
    isPrimary?: boolean;
  },
) {
  const { run, action, begin, isPrimary } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const accessTo = useActionAccess(run);
  const label = t(`actions.${action}` as const);
  const key = ACTION_KEYS[action];
  const Icon = ACTION_ICONS[action];
  return (
    <GatedButton
      access={accessTo(action)}
      hint={key && t('actions.withKey', { action: label, key: `Shift+${key}` })}
      variant={isPrimary ? 'primary' : 'secondary'}
      destructive={DESTRUCTIVE_ACTIONS.includes(action)}
      iconStart={<Icon />}
      onPress={() => begin(action, run)}
    >
      {label}
    </GatedButton>
  );
}

/** Actions of a run as a menu, with its link. */
export function RunActionsMenu({ run, actions, begin }: RunActionsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <MenuTrigger>
      <ButtonIcon
        variant="secondary"
        icon={<RiMore2Line />}
        aria-label={t('actions.more')}
      />
      <Menu placement="bottom end">
        {run.state !== 'queued' && <CompareItem runId={run.id} />}
        <RunActionItems run={run} actions={actions} begin={begin} />
      </Menu>
    </MenuTrigger>
  );
}

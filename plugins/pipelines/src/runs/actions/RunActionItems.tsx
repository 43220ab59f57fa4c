import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { MenuItem, MenuSection } from '@backstage/ui';
import { RiLink } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { absoluteUrl, useRunLinks } from '../../ui/RunLinks';
import { useCopy } from '../../ui/useCopy';
import { ACTION_ICONS, DESTRUCTIVE_ACTIONS } from './actionSigns';
import type { ActionableRun, RunAction } from './legalActions';
import { useActionAccess } from './useActionAccess';
import type { BeginRunAction } from './useRunActionDialogs';

/** What {@link RunActionItems} offers. */
export interface RunActionItemsProps {
  run: ActionableRun & { owner?: string };
  actions: readonly RunAction[];
  begin: BeginRunAction;
}

/**
 * Actions of a run as items of a menu, and its link.
 *
 * @remarks
 * What is not allowed stands below, under the sentence that says what is missing, because an
 * item of a menu that cannot be chosen cannot have a tooltip.
 */
export function RunActionItems({ run, actions, begin }: RunActionItemsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const copy = useCopy();
  const accessTo = useActionAccess(run);
  const refusals = [
    ...new Set(actions.flatMap(action => accessTo(action).refusal ?? [])),
  ];
  return (
    <>
      {actions
        .filter(action => !accessTo(action).refusal)
        .map(action => (
          <ActionItem
            key={action}
            action={action}
            isDisabled={!accessTo(action).isAllowed}
            onAction={() => begin(action, run)}
          />
        ))}
      <MenuItem
        iconStart={<RiLink />}
        onAction={() =>
          copy(absoluteUrl(links.run(run.id)), t('common.copied'))
        }
      >
        {t('common.copyLink')}
      </MenuItem>
      {refusals.map(refusal => (
        <MenuSection key={refusal} title={refusal}>
          {actions
            .filter(action => accessTo(action).refusal === refusal)
            .map(action => (
              <ActionItem
                key={action}
                action={action}
                isDisabled
                refusal={refusal}
              />
            ))}
        </MenuSection>
      ))}
    </>
  );
}

function ActionItem(props: {
  action: RunAction;
  isDisabled: boolean;
  refusal?: string;
  onAction?(): void;
}) {
  const { action, refusal } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const Icon = ACTION_ICONS[action];
  const label = t(`actions.${action}` as const);
  return (
    <MenuItem
      iconStart={<Icon />}
      color={DESTRUCTIVE_ACTIONS.includes(action) ? 'danger' : undefined}
      isDisabled={props.isDisabled}
      aria-label={refusal && `${label} ${refusal}`}
      onAction={props.onAction}
    >
      {label}
    </MenuItem>
  );
}

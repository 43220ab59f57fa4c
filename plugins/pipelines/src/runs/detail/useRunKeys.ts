import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { ACTION_KEYS } from '../actions/actionSigns';
import type { RunAction } from '../actions/legalActions';
import { useActionAccess } from '../actions/useActionAccess';
import type { BeginRunAction } from '../actions/useRunActionDialogs';

/** Begins actions by key, where they are legal and allowed. */
export function useRunKeys(
  run: RunDetail,
  actions: readonly RunAction[],
  begin: BeginRunAction,
): void {
  const accessTo = useActionAccess(run);
  useSingleKeys(
    Object.fromEntries(
      actions.flatMap(action => {
        const key = ACTION_KEYS[action];
        return key && accessTo(action).isAllowed
          ? [[key, () => begin(action, run)]]
          : [];
      }),
    ),
  );
}

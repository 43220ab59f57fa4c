import { useBreakpoint } from '@backstage/ui';
import type { RunAction } from '../actions/legalActions';
import { RunActionButton, type RunActionsProps } from './RunActions';
import styles from './RunPrimaryBar.module.css';

/** What one most likely wants to do, of what is legal; a kill has its button in the banner. */
function primaryOf(
  { state }: RunActionsProps['run'],
  actions: readonly RunAction[],
): RunAction | undefined {
  const wanted: RunAction[] =
    state === 'succeeded'
      ? ['runAgain']
      : ['resume', 'retry', 'cancel', 'runAgain'];
  return state === 'cancelling'
    ? undefined
    : wanted.find(action => actions.includes(action));
}

/** The most likely action of the run at the bottom of a narrow screen. */
export function RunPrimaryBar({ run, actions, begin }: RunActionsProps) {
  const isNarrow = useBreakpoint().down('xs');
  const action = primaryOf(run, actions);
  return isNarrow && action ? (
    <div className={styles.bar}>
      <RunActionButton run={run} action={action} begin={begin} isPrimary />
    </div>
  ) : null;
}

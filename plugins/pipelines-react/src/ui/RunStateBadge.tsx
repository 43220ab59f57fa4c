import clsx from 'clsx';
import { useText } from '../translation/useText';
import { STATE_SIGNS, type SignedState } from './stateSigns';
import { StateIcon } from './StateIcon';
import styles from './RunStateBadge.module.css';
import tones from './tones.module.css';

/** Props of {@link RunStateBadge}. @public */
export interface RunStateBadgeProps {
  state: SignedState;
  /** Only the icon, with the text as its accessible name and tooltip. */
  iconOnly?: boolean;
  className?: string;
}

/** The state of a run, an attempt or a step as icon, text and colour. @public */
export function RunStateBadge({
  state,
  iconOnly = false,
  className,
}: RunStateBadgeProps) {
  const text = useText()(`ui.state.${state}`);
  const { tone } = STATE_SIGNS[state];
  if (iconOnly) {
    return (
      <span role="img" aria-label={text} title={text} className={className}>
        <StateIcon state={state} size={18} />
      </span>
    );
  }
  return (
    <span
      className={clsx(
        styles.badge,
        tones[tone],
        tone === 'neutral' && styles.neutral,
        className,
      )}
    >
      <StateIcon state={state} size={14} className={styles.icon} />
      {text}
    </span>
  );
}

import clsx from 'clsx';
import { STATE_SIGNS, type SignedState } from './stateSigns';
import styles from './StateIcon.module.css';
import tones from './tones.module.css';

/** Props of {@link StateIcon}. @public */
export interface StateIconProps {
  state: SignedState;
  /** Width and height, px. */
  size?: number;
  className?: string;
}

/**
 * The icon of a state in its colour, without text: only beside its text or with a name around it.
 *
 * @public
 */
export function StateIcon({ state, size = 16, className }: StateIconProps) {
  const { icon: Icon, tone, turning } = STATE_SIGNS[state];
  return (
    <span
      aria-hidden="true"
      className={clsx(
        styles.icon,
        tones[tone],
        turning && styles.turning,
        className,
      )}
    >
      <Icon size={size} />
    </span>
  );
}

import { Link } from 'react-router-dom';
import clsx from 'clsx';
import {
  TERMINAL_RUN_STATES,
  type RunState,
  type StateCounts,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import { STATE_SIGNS } from '../ui/stateSigns';
import { StateIcon } from '../ui/StateIcon';
import tones from '../ui/tones.module.css';
import styles from './StateBar.module.css';

/** Props of {@link StateBar}. @public */
export interface StateBarProps {
  /** Runs by state; those that are not over are left out. */
  counts: StateCounts;
  /** What the runs are of, as the name of the bar. */
  label: string;
  /** Where the runs of a state are; without it the numbers are no links. */
  hrefOf?(state: RunState): string;
}

/** Ended runs by state: a bar with a segment for each, and the numbers under it. @public */
export function StateBar({ counts, label, hrefOf }: StateBarProps) {
  const t = useText();
  const states = TERMINAL_RUN_STATES.filter(state => counts[state]);
  return (
    <div className={styles.box}>
      <div className={styles.bar} aria-hidden="true">
        {states.map(state => (
          <span
            key={state}
            className={clsx(
              styles.segment,
              styles[state],
              tones[STATE_SIGNS[state].tone],
            )}
            style={{ flexGrow: counts[state] }}
          />
        ))}
      </div>
      <ul className={styles.numbers} aria-label={label}>
        {states.map(state => {
          const number = formatNumber(counts[state] ?? 0);
          const name = `${number} ${t(`ui.state.${state}`)}`;
          const content = (
            <>
              <StateIcon state={state} size={14} />
              {number}
            </>
          );
          return (
            <li key={state} title={name}>
              {hrefOf ? (
                <Link
                  to={hrefOf(state)}
                  className={styles.number}
                  aria-label={name}
                >
                  {content}
                </Link>
              ) : (
                <span role="img" className={styles.number} aria-label={name}>
                  {content}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

import { useState } from 'react';
import { useNow } from '../live/useNow';
import { useText } from '../translation/useText';
import { formatAge, formatClock, formatExactTime } from './format';
import styles from './AsOf.module.css';

/** Props of {@link AsOf}. @public */
export interface AsOfProps {
  /** When the numbers beside it were true, ISO 8601 or ms since the epoch. */
  at: string | number;
}

/** How old numbers are: "as of 12:05, 40 s ago"; a click switches to the exact time. @public */
export function AsOf({ at }: AsOfProps) {
  const t = useText();
  const [exact, setExact] = useState(false);
  const now = useNow(exact ? 0 : 1_000);
  const text = exact
    ? t('ui.asOf.exact', { time: formatExactTime(at) })
    : t('ui.asOf.relative', {
        time: formatClock(at, now),
        age: formatAge(now - new Date(at).getTime()),
      });
  return (
    <button
      type="button"
      className={styles.asOf}
      title={t(exact ? 'ui.asOf.toRelative' : 'ui.asOf.toExact')}
      onClick={() => setExact(!exact)}
    >
      {text}
    </button>
  );
}

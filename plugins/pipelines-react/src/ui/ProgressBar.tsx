import LinearProgress from '@material-ui/core/LinearProgress';
import { useText } from '../translation/useText';
import { formatShare } from './format';
import styles from './ProgressBar.module.css';

/** Props of {@link ProgressBar}. @public */
export interface ProgressBarProps {
  /** 0 to 1; absent when nobody knows, which is drawn as a moving bar. */
  value: number | undefined;
  /** What is progressing, for screen readers. */
  label: string;
  /** What is being done now, printed under the bar. */
  message?: string;
}

/** How far something is: a bar with its percentage, and what is being done. @public */
export function ProgressBar({ value, label, message }: ProgressBarProps) {
  const t = useText();
  const known = value !== undefined;
  const share = known ? formatShare(value) : '';
  return (
    <div className={styles.progress}>
      <LinearProgress
        aria-label={label}
        aria-valuetext={
          known
            ? t('ui.progress.percent', { percent: share })
            : t('ui.progress.unknown')
        }
        variant={known ? 'determinate' : 'indeterminate'}
        value={known ? value * 100 : undefined}
        classes={{ root: styles.track, bar: styles.bar }}
      />
      <span className={styles.share}>{share}</span>
      {message && <span className={styles.message}>{message}</span>}
    </div>
  );
}

import { useNow } from '../live/useNow';
import { formatDuration } from './format';
import styles from './TimeText.module.css';

/** Props of {@link DurationText}: a length, or a start with or without an end. @public */
export type DurationTextProps =
  | { milliseconds: number | undefined }
  | {
      /** ISO 8601; absent is shown as a dash. */
      from: string | undefined;
      /** ISO 8601; absent: still going on, so the text ticks. */
      to?: string;
    };

/** A length of time like `1 h 04 m`; it ticks while it has no end. @public */
export function DurationText(props: DurationTextProps) {
  const ticking =
    'from' in props && props.from !== undefined && props.to === undefined;
  const now = useNow(ticking ? 1_000 : 0);
  const milliseconds = lengthOf(props, now);
  return (
    <span className={styles.time}>
      {milliseconds === undefined
        ? '–'
        : formatDuration(milliseconds, { whole: ticking })}
    </span>
  );
}

function lengthOf(props: DurationTextProps, now: number): number | undefined {
  if ('milliseconds' in props) {
    return props.milliseconds;
  }
  if (props.from === undefined) {
    return undefined;
  }
  const end = props.to === undefined ? now : Date.parse(props.to);
  return end - Date.parse(props.from);
}

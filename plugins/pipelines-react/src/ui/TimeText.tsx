import { useRef, useState } from 'react';
import { Tooltip, TooltipTrigger } from '@backstage/ui';
import { useNow } from '../live/useNow';
import { useText } from '../translation/useText';
import { formatAge, formatClock, formatExactTime } from './format';
import { READING_TAB_STOP } from './tabStops';
import styles from './TimeText.module.css';

const MINUTE_MS = 60_000;
/** From this age on a date says more than a number of days. */
const DATE_FROM_MS = 30 * 24 * 60 * MINUTE_MS;

/** Props of {@link TimeText}. @public */
export interface TimeTextProps {
  /** ISO 8601; absent is shown as a dash. */
  at: string | undefined;
}

/** A time as its distance from now; the exact time on hover and focus. @public */
export function TimeText({ at }: TimeTextProps) {
  const t = useText();
  const ref = useRef<HTMLTimeElement>(null);
  const [shown, setShown] = useState(false);
  const atMs = at === undefined ? 0 : Date.parse(at);
  const young = Math.abs(Date.now() - atMs) < MINUTE_MS;
  const now = useNow(young ? 1_000 : MINUTE_MS / 2);
  if (at === undefined) {
    return <span aria-label={t('ui.time.never')}>–</span>;
  }
  const exact = formatExactTime(at);
  const show = () => setShown(true);
  const hide = () => setShown(false);
  return (
    <>
      <time
        ref={ref}
        dateTime={at}
        className={styles.time}
        tabIndex={READING_TAB_STOP}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
      >
        {relativeText(t, atMs, now)}
      </time>
      {shown && (
        // Only while it is shown, because a list has hundreds of times; alone it would fail.
        <TooltipTrigger isOpen onOpenChange={setShown}>
          <Tooltip triggerRef={ref} placement="bottom">
            {exact}
          </Tooltip>
        </TooltipTrigger>
      )}
    </>
  );
}

function relativeText(
  t: ReturnType<typeof useText>,
  atMs: number,
  now: number,
): string {
  const age = now - atMs;
  if (Math.abs(age) >= DATE_FROM_MS) {
    return formatClock(atMs, now);
  }
  if (age >= 0 && age < 1_000) {
    return t('ui.time.now');
  }
  return age >= 0
    ? t('ui.time.ago', { age: formatAge(age) })
    : t('ui.time.in', { age: formatAge(-age) });
}

import { useEffect, useState } from 'react';

/**
 * The time, in ms since the epoch, that moves on while the tab is visible.
 *
 * @param intervalMs - how often; `0` stands still
 *
 * @public
 */
export function useNow(intervalMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (intervalMs === 0) {
      return undefined;
    }
    const move = () => {
      if (document.visibilityState === 'visible') {
        setNow(Date.now());
      }
    };
    move();
    const timer = setInterval(move, intervalMs);
    document.addEventListener('visibilitychange', move);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', move);
    };
  }, [intervalMs]);
  return now;
}

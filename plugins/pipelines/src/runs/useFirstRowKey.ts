import { useEffect, type RefObject } from 'react';

/**
 * Arrow down goes to the first row of the table inside, where nothing has the focus; from there
 * on the arrows are the table's own.
 */
export function useFirstRowKey(frame: RefObject<HTMLElement>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isFree =
        event.key === 'ArrowDown' &&
        event.target === document.body &&
        !event.defaultPrevented;
      const row =
        frame.current?.querySelector<HTMLElement>('tbody [role="row"]');
      if (isFree && row) {
        event.preventDefault();
        row.focus();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [frame]);
}

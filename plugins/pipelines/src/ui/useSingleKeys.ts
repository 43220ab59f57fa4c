import { useEffect, useRef } from 'react';

const FIELD_SELECTOR =
  'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="dialog"], [role="menu"], [role="listbox"]';

/** What to do when one key is pressed alone. */
export type KeyActions = Readonly<Record<string, () => void>>;

/**
 * Listens for single keys while the component is shown.
 *
 * @remarks
 * Keys typed into a field, a dialog or a menu, and keys with Ctrl, Alt or Meta, belong to
 * somebody else.
 */
export function useSingleKeys(actions: KeyActions, isEnabled = true): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    if (!isEnabled) {
      return undefined;
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const action = latest.current[event.key];
      const isTaken =
        event.defaultPrevented ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        (event.target instanceof Element &&
          event.target.closest(FIELD_SELECTOR) !== null);
      if (action && !isTaken) {
        event.preventDefault();
        action();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isEnabled]);
}

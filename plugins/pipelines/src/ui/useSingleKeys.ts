import { useEffect, useRef } from 'react';
import { useStored } from './useStored';

const FIELD_SELECTOR =
  'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="dialog"], [role="menu"], [role="listbox"]';

/** What to do when one key is pressed alone. */
export type KeyActions = Readonly<Record<string, () => void>>;

const STORED_SWITCH = 'keys.areOff';

/** Whether single keys do something for this user, and how to turn them on and off; on at first. */
export function useKeySwitch(): [areOn: boolean, turn: (on: boolean) => void] {
  const [areOff, store] = useStored(STORED_SWITCH);
  return [areOff !== true, on => store(on ? undefined : true)];
}

/**
 * Listens for single keys while the component is shown.
 *
 * @remarks
 * Keys typed into a field, a dialog or a menu, and keys with Ctrl, Alt or Meta, belong to
 * somebody else. Whoever has turned single keys off has none of them.
 */
export function useSingleKeys(actions: KeyActions, isEnabled = true): void {
  const [areOn] = useKeySwitch();
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    if (!isEnabled || !areOn) {
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
  }, [isEnabled, areOn]);
}

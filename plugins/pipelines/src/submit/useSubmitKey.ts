import { MutableRefObject, RefObject, useEffect } from 'react';

/** What Ctrl+Enter does, wherever in the dialog one is; undefined while nothing can be submitted. */
export type SubmitRef = MutableRefObject<(() => void) | undefined>;

/**
 * Submits by Ctrl+Enter (Command+Enter) from anywhere in the dialog that `part` is in.
 *
 * @remarks
 * The dialog itself has the focus after a list in it was closed, and it is above everything that
 * we draw; and a button or list that has the focus would take the key for itself. So it is heard
 * on its way down from the document.
 */
export function useSubmitKey(
  part: RefObject<HTMLElement>,
  submit: SubmitRef,
): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const dialog = part.current?.closest('[role="dialog"]');
      const isMeant =
        event.key === 'Enter' &&
        (event.ctrlKey || event.metaKey) &&
        event.target instanceof Node &&
        dialog?.contains(event.target);
      if (isMeant && submit.current) {
        event.preventDefault();
        event.stopPropagation();
        submit.current();
      }
    };
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [part, submit]);
}

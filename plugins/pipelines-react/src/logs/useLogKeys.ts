import { useEffect, useRef, type RefObject } from 'react';

/** What the keys of a log viewer do. @internal */
export interface LogKeyActions {
  find(): void;
  stepError(direction: 'next' | 'previous'): void;
  /** The level at this place, from 0. */
  toggleLevel(index: number): void;
  toggleWrap(): void;
  toggleTimestamps(): void;
  toggleFullScreen(): void;
  download(): void;
  /** Only while it fills the screen. */
  leaveFullScreen?(): void;
  toStart(): void;
  follow(): void;
}

const KEYS: Readonly<
  Record<string, ((actions: LogKeyActions) => void) | undefined>
> = {
  '/': actions => actions.find(),
  n: actions => actions.stepError('next'),
  p: actions => actions.stepError('previous'),
  1: actions => actions.toggleLevel(0),
  2: actions => actions.toggleLevel(1),
  3: actions => actions.toggleLevel(2),
  4: actions => actions.toggleLevel(3),
  w: actions => actions.toggleWrap(),
  t: actions => actions.toggleTimestamps(),
  f: actions => actions.toggleFullScreen(),
  d: actions => actions.download(),
  g: actions => actions.toStart(),
  G: actions => actions.follow(),
  '.': actions => actions.follow(),
  Escape: actions => actions.leaveFullScreen?.(),
};

const TYPED_INTO = 'input, select, textarea, [contenteditable="true"]';

/**
 * Listens for the keys of a log viewer that has the focus; single keys do nothing while one types.
 *
 * @param singleKeys - whether keys do something that are pressed alone; Escape always does
 *
 * @internal
 */
export function useLogKeys(
  viewer: RefObject<HTMLElement>,
  singleKeys: boolean,
  actions: LogKeyActions,
): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const element = viewer.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event, singleKeys);
      const isForOthers =
        event.key === 'Escape' && !latest.current.leaveFullScreen;
      if (action && !isForOthers) {
        event.preventDefault();
        // The page has single keys as well
        event.stopPropagation();
        if (!event.repeat) {
          action(latest.current);
        }
      }
    };
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, [viewer, singleKeys]);
}

function actionOf(event: KeyboardEvent, singleKeys: boolean) {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && event.key.toLowerCase() === 'f') {
    return KEYS['/'];
  }
  const isTyping = (event.target as Element).matches(TYPED_INTO);
  const isForOthers = isCommand || event.altKey || isTyping;
  const isOn = singleKeys || event.key === 'Escape';
  return isOn && !isForOthers ? KEYS[event.key] : undefined;
}

import { useContext, useEffect, useRef, useState } from 'react';
import {
  parsePath,
  UNSAFE_NavigationContext as NavigationContext,
  useLocation,
  type To,
} from 'react-router-dom';

/** Asks before a page is left that has something to lose. */
export interface LeaveGuard {
  isAsking: boolean;
  stay(): void;
  leave(): void;
}

/**
 * Holds back every way to leave this page while it has something to lose, until somebody says so.
 *
 * @remarks
 * The router of a portal has no blockers, which need a data router; so links and buttons are
 * caught at its navigator, Back and Forward are taken back in the history, and closing the tab is
 * asked about by the browser. Another place on the same page, such as an opened dialog, passes.
 */
export function useLeaveGuard(hasSomethingToLose: boolean): LeaveGuard {
  const { navigator } = useContext(NavigationContext);
  const location = useLocation();
  const [leave, setLeave] = useState<() => void>();
  const indexRef = useRef(historyIndex());
  const isLettingGo = useRef(false);

  useEffect(() => {
    indexRef.current = historyIndex();
  }, [location]);

  useEffect(() => {
    if (!hasSomethingToLose) {
      return undefined;
    }
    const ask = (go: () => void) => setLeave(() => go);
    const guarded =
      (navigate: typeof navigator.push): typeof navigator.push =>
      (to, ...rest) =>
        isSamePage(location, to)
          ? navigate.call(navigator, to, ...rest)
          : ask(() => navigate.call(navigator, to, ...rest));
    const { push, replace } = navigator;
    navigator.push = guarded(push);
    navigator.replace = guarded(replace);

    let isTakingBack = false;
    const onPopState = (event: PopStateEvent) => {
      if (isLettingGo.current) {
        return;
      }
      if (isTakingBack) {
        isTakingBack = false;
        event.stopImmediatePropagation();
        return;
      }
      const steps = (historyIndex() ?? NaN) - (indexRef.current ?? NaN);
      if (Number.isNaN(steps) || isSamePage(location, window.location)) {
        return;
      }
      event.stopImmediatePropagation();
      isTakingBack = true;
      window.history.go(-steps);
      ask(() => window.history.go(steps));
    };
    const onBeforeUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // Before the router's own listener hears of it.
    window.addEventListener('popstate', onPopState, true);
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => {
      navigator.push = push;
      navigator.replace = replace;
      window.removeEventListener('popstate', onPopState, true);
      window.removeEventListener('beforeunload', onBeforeUnload);
    };
  }, [hasSomethingToLose, navigator, location]);

  return {
    isAsking: leave !== undefined,
    stay: () => setLeave(undefined),
    leave: () => {
      setLeave(undefined);
      isLettingGo.current = true;
      leave?.();
    },
  };
}

/** Where the router says that this entry stands in the history. */
function historyIndex(): number | undefined {
  const index: unknown = window.history.state?.idx;
  return typeof index === 'number' ? index : undefined;
}

/** Whether both are the same tab of the same page. */
function isSamePage(
  here: { pathname: string; search: string },
  to: To | { pathname: string; search: string },
): boolean {
  const { pathname = here.pathname, search = '' } =
    typeof to === 'string' ? parsePath(to) : to;
  const tabOf = (text: string) => new URLSearchParams(text).get('tab');
  return (
    pathname.endsWith(here.pathname) && tabOf(search) === tabOf(here.search)
  );
}

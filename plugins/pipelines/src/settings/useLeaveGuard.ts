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
 * caught at its navigator, and closing the tab is asked about by the browser. Back cannot be
 * caught, because the router hears of it first: so the page stands twice in the history while it
 * has something to lose, and Back leads from one of them to the other. Another place on the same
 * page, such as an opened dialog, passes.
 */
export function useLeaveGuard(hasSomethingToLose: boolean): LeaveGuard {
  const { navigator } = useContext(NavigationContext);
  const location = useLocation();
  const locationRef = useRef(location);
  locationRef.current = location;
  const [asked, setAsked] = useState<{ stay?(): void; leave(): void }>();
  /** Where the second of the two entries stands in the history. */
  const secondRef = useRef<number>();
  const isLettingGo = useRef(false);

  useEffect(() => {
    if (!hasSomethingToLose) {
      return undefined;
    }
    const { push, replace } = navigator;
    const guarded =
      (navigate: typeof push): typeof push =>
      (to, ...rest) => {
        const go = () => navigate.call(navigator, to, ...rest);
        if (isSamePage(locationRef.current, to)) {
          go();
        } else {
          setAsked({ leave: go });
        }
      };
    const index = historyIndex();
    if (index !== undefined) {
      const { pathname, search, hash, state } = locationRef.current;
      push.call(navigator, { pathname, search, hash }, state);
      secondRef.current = index + 1;
    }
    navigator.push = guarded(push);
    navigator.replace = guarded(replace);
    const onBeforeUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', onBeforeUnload);
    return () => {
      navigator.push = push;
      navigator.replace = replace;
      secondRef.current = undefined;
      window.removeEventListener('beforeunload', onBeforeUnload);
    };
  }, [hasSomethingToLose, navigator]);

  useEffect(() => {
    const index = historyIndex();
    const second = secondRef.current;
    const isBeforeSecond =
      index !== undefined && second !== undefined && index < second;
    if (isBeforeSecond && !isLettingGo.current) {
      setAsked({
        stay: () => window.history.go(second - index),
        leave: () => window.history.go(-1),
      });
    }
  }, [location]);

  return {
    isAsking: asked !== undefined,
    stay: () => {
      setAsked(undefined);
      asked?.stay?.();
    },
    leave: () => {
      setAsked(undefined);
      isLettingGo.current = true;
      asked?.leave();
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
  to: To,
): boolean {
  const { pathname = here.pathname, search = '' } =
    typeof to === 'string' ? parsePath(to) : to;
  const tabOf = (text: string) => new URLSearchParams(text).get('tab');
  return (
    pathname.endsWith(here.pathname) && tabOf(search) === tabOf(here.search)
  );
}

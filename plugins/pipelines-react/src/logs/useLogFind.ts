import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { LOG_LEVELS } from '@millrace/backstage-plugin-pipelines-common';
import { usePipelinesApi } from '../api/usePipelinesApi';
import { LogFinder, type FindFacts } from './LogFinder';
import {
  hidesLines,
  looksForLines,
  requestOf,
  type LogFilter,
} from './logFilter';
import type { LogFacts } from './LogStore';

/** Typing rests for this long before the server searches, ms. */
const TYPING_MS = 300;
/** How often a growing log is searched for what was added, ms. */
const GROW_MS = 5_000;

/** What is found in a log, and the ways through it. @internal */
export interface LogFind {
  facts: FindFacts;
  finder: LogFinder;
  /** Goes to the next or the previous line that says it is an error. @returns its number */
  stepError(
    direction: 'next' | 'previous',
    line: number,
  ): Promise<number | undefined>;
}

/**
 * Searches the whole log on the server: when the filter changes, and when the log has grown.
 *
 * @param options - `placeOf` says at which line the reader is; `onArrive` is told of the line
 * that the reader is to be shown
 *
 * @internal
 */
export function useLogFind(options: {
  runId: string;
  attempt: number | undefined;
  filter: LogFilter;
  log: LogFacts;
  placeOf(): number | undefined;
  onArrive(line: number): void;
}): LogFind {
  const { runId, attempt, filter, log } = options;
  const api = usePipelinesApi();
  const [finder, errors] = useMemo(() => {
    const make = () =>
      new LogFinder({
        search: (request, signal) =>
          api.logs.search(runId, { attempt, ...request }, { signal }),
      });
    return [make(), make()];
  }, [api, runId, attempt]);
  const facts = useSyncExternalStore(
    finder.subscribe,
    finder.getFacts,
    finder.getFacts,
  );

  // Read when a search begins or ends; a change of them is no reason for another one.
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });

  const isReady = log.loaded && log.totalLines > 0;
  const wish = JSON.stringify(requestOf(filter));
  const hasWish = looksForLines(filter);
  // Then the first ones are wanted, not those around the reader
  const hides = hidesLines(filter);
  useEffect(() => {
    if (!isReady) {
      return undefined;
    }
    let isWanted = true;
    const timer = setTimeout(
      async () => {
        const line = await finder.find(JSON.parse(wish), {
          near: hasWish ? latest.current.placeOf() : undefined,
          fromStart: hides,
        });
        if (line !== undefined && hasWish && isWanted) {
          latest.current.onArrive(line);
        }
      },
      hasWish ? TYPING_MS : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [finder, isReady, wish, hasWish, hides]);

  useEffect(
    () => () => {
      finder.close();
      errors.close();
    },
    [finder, errors],
  );

  const hasGrown = facts.answered && log.totalLines > facts.to;
  useEffect(() => {
    if (!hasGrown) {
      return undefined;
    }
    const timer = setTimeout(
      () => finder.grow(latest.current.log.totalLines),
      log.complete && !facts.error ? 0 : GROW_MS,
    );
    return () => clearTimeout(timer);
  }, [finder, hasGrown, log.complete, facts.to, facts.error]);

  const stepError = useCallback(
    async (direction: 'next' | 'previous', line: number) => {
      const { answered, to } = errors.getFacts();
      if (!answered) {
        await errors.find({ level: [LOG_LEVELS[0]] }, { near: line });
      } else if (to < log.totalLines) {
        await errors.grow(log.totalLines);
      }
      return errors.step(direction, line);
    },
    [errors, log.totalLines],
  );

  return { facts, finder, stepError };
}

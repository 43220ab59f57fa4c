import { useSearchParams } from 'react-router-dom';
import { isRunId } from '../runsUrl';

/** Which runs the address compares. */
export interface CompareUrl {
  /** The id of the run at the left; absent means the last success before the other. */
  a?: string;
  b?: string;
  /** Whether what is equal is left out. */
  only: boolean;
}

/** The address of the comparison as state. */
export function useCompareUrl(): {
  url: CompareUrl;
  change(changes: Partial<CompareUrl>): void;
} {
  const [parameters, setParameters] = useSearchParams();
  const idOf = (name: 'a' | 'b') => {
    const id = parameters.get(name) ?? '';
    return isRunId(id) ? id : undefined;
  };
  return {
    url: {
      a: idOf('a'),
      b: idOf('b'),
      only: parameters.get('only') === 'true',
    },
    change: changes =>
      setParameters(previous => {
        const next = new URLSearchParams(previous);
        for (const [name, value] of Object.entries(changes)) {
          if (value) {
            next.set(name, String(value));
          } else {
            next.delete(name);
          }
        }
        return next;
      }),
  };
}

/** The query part of a link to a comparison, with its question mark. */
export function compareSearch(runs: { a?: string; b: string }): string {
  return `?${new URLSearchParams(
    Object.entries(runs).filter(([, id]) => id !== undefined),
  )}`;
}

import { useSearchParams } from 'react-router-dom';

/** What the address says of the settings editor. */
export interface SettingsUrl {
  view: 'form' | 'json';
  /** Whether the revisions are shown. */
  isListing: boolean;
  /** The revision that is looked at. */
  revision?: number;
  /** What it is compared with: a revision, or `app-config`; absent is the one before it. */
  against?: string;
  chooseView(view: 'form' | 'json'): void;
  /** Shows the revisions, or one of them. */
  open(revision?: number): void;
  compareWith(against: string | undefined): void;
  close(): void;
}

/** The address of the settings editor as state: `view`, `rev` and `against`. */
export function useSettingsUrl(): SettingsUrl {
  const [parameters, setParameters] = useSearchParams();
  const change = (changes: Record<string, string | undefined>) =>
    setParameters(previous => {
      const next = new URLSearchParams(previous);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) {
          next.delete(name);
        } else {
          next.set(name, value);
        }
      }
      return next;
    });
  const wanted = parameters.get('rev');
  const revision = Number(wanted);
  return {
    view: parameters.get('view') === 'json' ? 'json' : 'form',
    isListing: wanted !== null,
    revision: Number.isInteger(revision) && revision > 0 ? revision : undefined,
    against: parameters.get('against') || undefined,
    chooseView: view => change({ view: view === 'json' ? 'json' : undefined }),
    open: next =>
      change({
        rev: next === undefined ? '' : String(next),
        against: undefined,
      }),
    compareWith: against => change({ against }),
    close: () => change({ rev: undefined, against: undefined }),
  };
}

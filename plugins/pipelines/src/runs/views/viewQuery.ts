import type { SavedView } from '@millrace/backstage-plugin-pipelines-common';
import { readRunsUrl, runsSearch, type RunsUrl } from '../runsUrl';

/** What of the address a view keeps, in one form for the same list; empty for the plain list. */
export function viewQueryOf(url: RunsUrl): string {
  const { pageSize, cursor, view, ...content } = url;
  const ordered = Object.entries(content).map(([name, value]) => [
    name,
    // The same states in another order are the same list; columns have an order.
    Array.isArray(value) && name !== 'cols' ? [...value].sort() : value,
  ]);
  return runsSearch(Object.fromEntries(ordered)).replace(/^\?/, '');
}

/** The query of a view in the same form, without what means nothing any more. */
export function storedQueryOf(view: SavedView): string {
  return viewQueryOf(readRunsUrl(new URLSearchParams(view.query)).url);
}

/** What the address is to say so that it shows this view; without one, the plain list. */
export function contentOf(view: SavedView | undefined): Partial<RunsUrl> {
  const { url } = readRunsUrl(new URLSearchParams(view?.query));
  const { pageSize, cursor, ...content } = url;
  return { ...content, view: view?.id };
}

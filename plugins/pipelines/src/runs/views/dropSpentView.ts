import { readRunsUrl } from '../runsUrl';
import { viewQueryOf } from './viewQuery';

/**
 * The address without its view where everything that the view said was taken away, because an
 * address that says nothing else would open the view again.
 */
export function dropSpentView(
  previous: URLSearchParams,
  next: URLSearchParams,
): URLSearchParams {
  const queryOf = (parameters: URLSearchParams) =>
    viewQueryOf(readRunsUrl(parameters).url);
  const view = next.get('view');
  if (view !== null && view === previous.get('view')) {
    const isSpent = queryOf(previous) !== '' && queryOf(next) === '';
    if (isSpent) {
      next.delete('view');
    }
  }
  return next;
}

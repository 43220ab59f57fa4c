import type { Person, ViewRow } from './types';

/**
 * Whether the view is theirs, one of their team, or one that they have made for another team; no
 * longer the last when a person has taken it over.
 */
export function isEditableBy(view: ViewRow, person: Person): boolean {
  return (
    person.owners.includes(view.owner) ||
    (view.created_by === person.actor && !view.owner.startsWith('user:'))
  );
}

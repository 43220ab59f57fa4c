import type { Person, ViewRow } from './types';

/** Whether the view is theirs, one of their team, or one that they have made for another team. */
export function isEditableBy(view: ViewRow, person: Person): boolean {
  return person.owners.includes(view.owner) || view.created_by === person.actor;
}

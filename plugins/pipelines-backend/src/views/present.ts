import type { SavedView } from '@millrace/backstage-plugin-pipelines-common';
import { isEditableBy } from './isEditableBy';
import type { Person, ViewRow } from './types';

/** A view as the API shows it to this person. */
export function presentView(row: ViewRow, person: Person): SavedView {
  return {
    id: row.id,
    page: row.page,
    name: row.name,
    query: row.query,
    owner: row.owner,
    revision: row.revision,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    changedBy: row.changed_by,
    changedAt: row.changed_at.toISOString(),
    isEditable: isEditableBy(row, person),
  };
}

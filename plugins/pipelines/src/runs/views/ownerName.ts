import { entityPresentationSnapshot } from '@backstage/plugin-catalog-react';

/** What a person calls the owner of a view, from their entity ref. */
export function ownerName(ownerRef: string): string {
  return entityPresentationSnapshot(ownerRef, { defaultKind: 'group' })
    .primaryTitle;
}

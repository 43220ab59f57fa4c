import { NotAllowedError } from '@backstage/errors';
import type { Person } from './types';

/** @throws NotAllowedError when the person may not save views of this owner */
export function assertOwner(owner: string, person: Person): void {
  if (!person.owners.includes(owner)) {
    throw new NotAllowedError(
      `You can save views of yourself and of your groups, and '${owner}' is none of them`,
    );
  }
}

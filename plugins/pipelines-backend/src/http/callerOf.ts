import type {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';

/** Who calls: the entity ref of a user, or `service:<subject>`. */
export interface Caller {
  type: 'user' | 'service';
  actor: string;
}

/**
 * Who is behind the credentials, in the words of `run_events`.
 *
 * @throws NotAllowedError when it is nobody
 */
export function callerOf(credentials: BackstageCredentials): Caller {
  const principal = credentials.principal as
    | BackstageUserPrincipal
    | BackstageServicePrincipal
    | { type: 'none' };
  if (principal.type === 'user') {
    return { type: 'user', actor: principal.userEntityRef };
  }
  if (principal.type === 'service') {
    return { type: 'service', actor: `service:${principal.subject}` };
  }
  throw new NotAllowedError('This needs a user or a service');
}

import type {
  EvaluatePermissionRequest,
  EvaluatePermissionResponse,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PermissionApi } from '@backstage/plugin-permission-react';

/** Allows everything, or only to read. */
export class FakePermissions implements PermissionApi {
  readonly #mayAct: boolean;

  constructor(mayAct: boolean) {
    this.#mayAct = mayAct;
  }

  async authorize({
    permission,
  }: EvaluatePermissionRequest): Promise<EvaluatePermissionResponse> {
    const isRead = permission.attributes.action === 'read';
    return {
      result:
        isRead || this.#mayAct ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
    };
  }
}

import type {
  EvaluatePermissionRequest,
  EvaluatePermissionResponse,
} from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PermissionApi } from '@backstage/plugin-permission-react';
import {
  runControlPermission,
  runResourceRef,
} from '@millrace/backstage-plugin-pipelines-common';

/** Allows everything, or only to read and to control some runs. */
export class FakePermissions implements PermissionApi {
  readonly #mayAct: boolean;
  readonly #controlled: readonly string[];

  constructor(mayAct: boolean, controlledRunIds: readonly string[] = []) {
    this.#mayAct = mayAct;
    this.#controlled = controlledRunIds.map(runResourceRef);
  }

  async authorize({
    permission,
    resourceRef,
  }: EvaluatePermissionRequest): Promise<EvaluatePermissionResponse> {
    const isRead = permission.attributes.action === 'read';
    const isControlled =
      permission.name === runControlPermission.name &&
      this.#controlled.includes(resourceRef ?? '');
    return {
      result:
        isRead || this.#mayAct || isControlled
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
    };
  }
}

import { BackstageUserInfo } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  createPipelineConditionalDecision,
  pipelineConditions,
} from '@millrace/backstage-plugin-pipelines-backend';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  RESOURCE_TYPE_PIPELINE,
  runControlPermission,
  runReadPermission,
} from '@millrace/backstage-plugin-pipelines-common';

/** Members may do everything. */
export const ADMINS_GROUP = 'group:default/millrace-admins';

/** Members see every pipeline and change nothing. */
export const READERS_GROUP = 'group:default/millrace-readers';

const PIPELINES_PREFIX = 'pipelines.';

const OWN_TEAM_PERMISSIONS = new Set(
  [
    runReadPermission,
    runControlPermission,
    pipelineReadPermission,
    pipelineRunPermission,
  ].map(({ name }) => name),
);

/**
 * Who may do what in the example portal. Roles add up; what no row allows is denied.
 *
 * | permission                                  | admins | readers | anybody else signed in   |
 * | ------------------------------------------- | ------ | ------- | ------------------------ |
 * | `pipelines.run.read`, `.pipeline.read`      | all    | all     | what they or a group own |
 * | `pipelines.run.control`, `.pipeline.run`    | all    | none    | what they or a group own |
 * | any other `pipelines.*` that reads          | all    | all     | none                     |
 * | any other `pipelines.*`                     | all    | none    | none                     |
 * | others that read, such as the catalog's     | all    | all     | all                      |
 * | others, such as changing the catalog        | all    | none    | none                     |
 *
 * @remarks
 * Owning is the rule IS_OWNER of the plugin `pipelines`, so that it holds in lists and counts. A
 * reader who is in a team as well may also control what that team owns.
 *
 * Services never get here: Backstage lets them do whatever the `accessRestrictions` of their
 * token in `backend.auth.externalAccess` do not keep them from.
 */
export class MillracePolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) {
      return { result: AuthorizeResult.DENY };
    }
    const { permission } = request;
    if (isAllowedByGroup(permission, user.info)) {
      return { result: AuthorizeResult.ALLOW };
    }
    if (isOwnTeamPermission(permission)) {
      return createPipelineConditionalDecision(
        permission,
        pipelineConditions.isOwner({
          ownerRefs: user.info.ownershipEntityRefs,
        }),
      );
    }
    return { result: AuthorizeResult.DENY };
  }
}

function isAllowedByGroup(
  permission: Permission,
  { ownershipEntityRefs }: BackstageUserInfo,
): boolean {
  if (ownershipEntityRefs.includes(ADMINS_GROUP)) {
    return true;
  }
  if (permission.attributes.action !== 'read') {
    return false;
  }
  return (
    !permission.name.startsWith(PIPELINES_PREFIX) ||
    ownershipEntityRefs.includes(READERS_GROUP)
  );
}

function isOwnTeamPermission(
  permission: Permission,
): permission is ResourcePermission<typeof RESOURCE_TYPE_PIPELINE> {
  return (
    OWN_TEAM_PERMISSIONS.has(permission.name) &&
    isResourcePermission(permission, RESOURCE_TYPE_PIPELINE)
  );
}

import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import { PolicyQueryUser } from '@backstage/plugin-permission-node';
import {
  pipelineReadPermission,
  pipelineRunPermission,
  runControlPermission,
  runReadPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import { MillracePolicy } from './MillracePolicy';

function resourcePermission(
  name: string,
  action: 'read' | 'update',
  resourceType: string,
) {
  return createPermission({ name, attributes: { action }, resourceType });
}

const configure = resourcePermission(
  'pipelines.pipeline.configure',
  'update',
  'pipeline',
);
const queueControl = createPermission({
  name: 'pipelines.queue.control',
  attributes: { action: 'update' },
});
const sourceRead = resourcePermission(
  'pipelines.source.read',
  'read',
  'pipeline-source',
);
const entityRead = resourcePermission(
  'catalog.entity.read',
  'read',
  'catalog-entity',
);
const entityDelete = createPermission({
  name: 'catalog.entity.delete',
  attributes: { action: 'delete' },
  resourceType: 'catalog-entity',
});
const locationAnalyze = createPermission({
  name: 'catalog.location.analyze',
  attributes: {},
});

const TEAM = ['user:default/noor', 'group:default/data-platform'];

const roles: Record<string, string[]> = {
  admin: ['user:default/ada', 'group:default/millrace-admins'],
  reader: ['user:default/kenji', 'group:default/millrace-readers'],
  member: TEAM,
  'reading member': [...TEAM, 'group:default/millrace-readers'],
};

function userWith(ownershipEntityRefs: string[]): PolicyQueryUser {
  const [userEntityRef] = ownershipEntityRefs;
  const credentials = mockCredentials.user(userEntityRef);
  return {
    credentials,
    info: { userEntityRef, ownershipEntityRefs },
  };
}

const allow = AuthorizeResult.ALLOW;
const deny = AuthorizeResult.DENY;
const owned = AuthorizeResult.CONDITIONAL;

const table: Array<[Permission, string[]]> = [
  //                       admin  reader member reading member
  [runReadPermission, [allow, allow, owned, allow]],
  [pipelineReadPermission, [allow, allow, owned, allow]],
  [runControlPermission, [allow, owned, owned, owned]],
  [pipelineRunPermission, [allow, owned, owned, owned]],
  [configure, [allow, deny, deny, deny]],
  [queueControl, [allow, deny, deny, deny]],
  [sourceRead, [allow, allow, deny, allow]],
  [entityRead, [allow, allow, allow, allow]],
  [entityDelete, [allow, deny, deny, deny]],
  [locationAnalyze, [allow, deny, deny, deny]],
];

const cases = table.flatMap(([permission, results]) =>
  Object.keys(roles).map((role, index) => ({
    role,
    permission,
    name: permission.name,
    result: results[index],
  })),
);

describe('MillracePolicy', () => {
  const policy = new MillracePolicy();

  it.each(cases)(
    'answers a $role who asks for $name with $result',
    async ({ role, permission, result }) => {
      const decision = await policy.handle(
        { permission },
        userWith(roles[role]),
      );
      expect(decision.result).toBe(result);
    },
  );

  it('limits members to the pipelines that they or their groups own', async () => {
    expect(
      await policy.handle({ permission: runControlPermission }, userWith(TEAM)),
    ).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'pipelines',
      resourceType: 'pipeline',
      conditions: {
        rule: 'IS_OWNER',
        resourceType: 'pipeline',
        params: { ownerRefs: TEAM },
      },
    });
  });

  it.each(table)(
    'denies %j to somebody who is not signed in',
    async permission => {
      expect(await policy.handle({ permission })).toEqual({
        result: AuthorizeResult.DENY,
      });
    },
  );
});

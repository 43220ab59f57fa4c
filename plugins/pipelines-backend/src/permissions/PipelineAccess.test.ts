import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { PermissionsService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  runControlPermission,
  runReadPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService } from '../definitions';
import { PipelineAccess } from './PipelineAccess';
import {
  createPipelineConditionalDecision,
  pipelineConditions,
  pipelineRules,
} from './rules';

const credentials = mockCredentials.user();
const { isOwner, hasPipeline, forEntity, isSubmitter } = pipelineConditions;

const known = [
  {
    id: 'a',
    title: 'A',
    owner: 'group:default/one',
    entity: 'component:default/x',
  },
  {
    id: 'b',
    title: 'B',
    owner: 'group:default/two',
    entity: 'component:default/x',
  },
  { id: 'c', title: 'C' },
];

function accessWith(decision: PolicyDecision) {
  const permissions = {
    authorizeConditional: async () => [decision],
  } as unknown as PermissionsService;
  const registry = mockServices.permissionsRegistry.mock({
    getPermissionRuleset: (() => {
      const rules = Object.values(pipelineRules);
      return {
        getRuleByName: (name: string) => rules.find(rule => rule.name === name),
      };
    }) as never,
  });
  return PipelineAccess.create({
    permissions,
    permissionsRegistry: registry,
    definitions: {
      listKnown: async () => known,
      find: (id: string) => ({ id, internal: id === 'own' }),
    } as unknown as DefinitionsService,
    runs: { identifyRuns: async () => [] },
  });
}

type Conditions = Parameters<typeof createPipelineConditionalDecision>[1];

const conditional = (conditions: Conditions) =>
  accessWith(createPipelineConditionalDecision(runReadPermission, conditions));

describe('PipelineAccess', () => {
  it('is every pipeline when allowed, and an error when denied', async () => {
    await expect(
      accessWith({ result: AuthorizeResult.ALLOW }).pipelinesFor(
        runReadPermission,
        credentials,
      ),
    ).resolves.toBe('all');
    await expect(
      accessWith({ result: AuthorizeResult.DENY }).pipelinesFor(
        runReadPermission,
        credentials,
      ),
    ).rejects.toThrow("This needs the permission 'pipelines.run.read'");
  });

  it.each<[string, Conditions, string[]]>([
    ['owner', isOwner({ ownerRefs: ['group:default/two'] }), ['b']],
    ['pipeline', hasPipeline({ pipelineIds: ['c', 'gone'] }), ['c']],
    ['entity', forEntity({ entityRefs: ['component:default/x'] }), ['a', 'b']],
    ['nobody as submitter', isSubmitter({ userRefs: ['user:default/u'] }), []],
    [
      'all of',
      {
        allOf: [
          forEntity({ entityRefs: ['component:default/x'] }),
          { not: isOwner({ ownerRefs: ['group:default/one'] }) },
        ],
      },
      ['b'],
    ],
    [
      'any of',
      {
        anyOf: [
          hasPipeline({ pipelineIds: ['c'] }),
          isOwner({ ownerRefs: ['group:default/one'] }),
        ],
      },
      ['a', 'c'],
    ],
  ])('resolves conditions by %s to pipelines', async (_, conditions, ids) => {
    await expect(
      conditional(conditions).pipelinesFor(runReadPermission, credentials),
    ).resolves.toEqual(ids);
  });

  it('lets a submitter control their own run and no other', async () => {
    const access = accessWith(
      createPipelineConditionalDecision(
        runControlPermission,
        isSubmitter({ userRefs: ['user:default/u'] }),
      ),
    );
    const may = (submittedBy: string) =>
      access.isAllowed(
        runControlPermission,
        { pipelineId: 'a', submittedBy },
        credentials,
      );
    await expect(may('user:default/u')).resolves.toBe(true);
    await expect(may('user:default/v')).resolves.toBe(false);
  });

  it.each([runReadPermission, runControlPermission])(
    'lets people see and control what they submitted of our own pipelines, where they may something: $name',
    async permission => {
      const may = async (
        decision: PolicyDecision,
        target: { pipelineId: string; submittedBy?: string },
      ) => accessWith(decision).isAllowed(permission, target, credentials);
      const some = createPipelineConditionalDecision(
        permission,
        isOwner({ ownerRefs: ['group:default/one'] }),
      );
      const mine = 'user:default/mock';
      const answers = await Promise.all([
        may(some, { pipelineId: 'own', submittedBy: mine }),
        may(some, { pipelineId: 'own', submittedBy: 'user:default/other' }),
        may(some, { pipelineId: 'own' }),
        may(some, { pipelineId: 'b', submittedBy: mine }),
        may(
          { result: AuthorizeResult.DENY },
          { pipelineId: 'own', submittedBy: mine },
        ),
      ]);
      expect(answers).toEqual([true, false, false, false, false]);
    },
  );

  it('asks who submitted a run only about controlling it', async () => {
    const access = conditional(isSubmitter({ userRefs: ['user:default/u'] }));
    await expect(
      access.isAllowed(
        runReadPermission,
        { pipelineId: 'a', submittedBy: 'user:default/u' },
        credentials,
      ),
    ).resolves.toBe(false);
  });

  it('lets nobody in by a rule about owners where there is no owner', async () => {
    await expect(
      conditional(isOwner({ ownerRefs: [''] })).isAllowed(
        runReadPermission,
        { pipelineId: 'c' },
        credentials,
      ),
    ).resolves.toBe(false);
  });

  it('narrows a set by pipeline, owner and entity, never widening it', async () => {
    const access = accessWith({ result: AuthorizeResult.ALLOW });
    await expect(access.narrow('all', {})).resolves.toBe('all');
    await expect(
      access.narrow(['a'], { entity: ['component:default/x'] }),
    ).resolves.toEqual(['a']);
    await expect(
      access.narrow('all', { owner: ['group:default/two'], pipeline: ['a'] }),
    ).resolves.toEqual([]);
  });
});

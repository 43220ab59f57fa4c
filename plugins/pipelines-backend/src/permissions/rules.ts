import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { createConditionExports } from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_PIPELINE } from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';

/**
 * What a rule looks at: a pipeline and, where the question is about one run, who submitted it.
 *
 * @public
 */
export interface PipelineResource {
  id: string;
  owner?: string;
  entity?: string;
  /** Only in questions about controlling a run, or with the ref of a run. */
  submittedBy?: string;
}

/** Which pipelines a condition lets through, as a list of ids. @public */
export interface PipelineResourceFilter {
  matches(pipeline: PipelineResource): boolean;
}

/** Pipelines as a permission resource; their runs follow them. @public */
export const pipelineResourceRef = createPermissionResourceRef<
  PipelineResource,
  PipelineResourceFilter
>().with({ pluginId: 'pipelines', resourceType: RESOURCE_TYPE_PIPELINE });

/** The pipeline is owned by one of the given entities. */
const isOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allow pipelines that one of these entities owns',
  resourceRef: pipelineResourceRef,
  paramsSchema: z.object({
    ownerRefs: z
      .array(z.string())
      .describe('Entity refs, usually the ones that the user belongs to'),
  }),
  apply: (pipeline, { ownerRefs }) =>
    pipeline.owner !== undefined && ownerRefs.includes(pipeline.owner),
  toQuery: ({ ownerRefs }) => ({
    matches: ({ owner }) => owner !== undefined && ownerRefs.includes(owner),
  }),
});

/** The pipeline is one of the given ones. */
const hasPipeline = createPermissionRule({
  name: 'HAS_PIPELINE',
  description: 'Allow these pipelines',
  resourceRef: pipelineResourceRef,
  paramsSchema: z.object({
    pipelineIds: z.array(z.string()).describe('Ids of pipelines'),
  }),
  apply: (pipeline, { pipelineIds }) => pipelineIds.includes(pipeline.id),
  toQuery: ({ pipelineIds }) => ({
    matches: ({ id }) => pipelineIds.includes(id),
  }),
});

/** The pipeline belongs to one of the given entities. */
const forEntity = createPermissionRule({
  name: 'FOR_ENTITY',
  description: 'Allow pipelines that belong to these catalog entities',
  resourceRef: pipelineResourceRef,
  paramsSchema: z.object({
    entityRefs: z.array(z.string()).describe('Refs of catalog entities'),
  }),
  apply: (pipeline, { entityRefs }) =>
    pipeline.entity !== undefined && entityRefs.includes(pipeline.entity),
  toQuery: ({ entityRefs }) => ({
    matches: ({ entity }) =>
      entity !== undefined && entityRefs.includes(entity),
  }),
});

/** The run was submitted by one of the given entities; never true for lists. */
const isSubmitter = createPermissionRule({
  name: 'IS_SUBMITTER',
  description:
    'Allow controlling runs that one of these entities submitted; serves pipelines.run.control only',
  resourceRef: pipelineResourceRef,
  paramsSchema: z.object({
    userRefs: z.array(z.string()).describe('Entity refs of users'),
  }),
  apply: (pipeline, { userRefs }) =>
    pipeline.submittedBy !== undefined &&
    userRefs.includes(pipeline.submittedBy),
  toQuery: () => ({ matches: () => false }),
});

/** Every rule about pipelines. @public */
export const pipelineRules = { isOwner, hasPipeline, forEntity, isSubmitter };

const conditionExports = createConditionExports({
  resourceRef: pipelineResourceRef,
  rules: pipelineRules,
});

/** Conditions about pipelines, for authors of policies. @public */
export const pipelineConditions = conditionExports.conditions;

/** Makes a conditional decision about pipelines, for authors of policies. @public */
export const createPipelineConditionalDecision =
  conditionExports.createConditionalDecision;

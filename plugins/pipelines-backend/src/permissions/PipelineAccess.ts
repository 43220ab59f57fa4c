import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type PolicyDecision,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import {
  pipelinesPermissions,
  runControlPermission,
  runReadPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService } from '../definitions';
import { callerOf } from '../http';
import { findResources, type SubmittedRuns } from './findResources';
import {
  pipelineResourceRef,
  pipelineRules,
  type PipelineResource,
} from './rules';

/** Every pipeline, or just these. */
export type PipelineSet = 'all' | readonly string[];

/** A pipeline, or a run of it that somebody has submitted. */
export interface PipelineTarget {
  pipelineId: string;
  submittedBy?: string;
}

type PipelinePermission = ResourcePermission<'pipeline'>;

const RUN_PERMISSIONS: readonly string[] = [
  runReadPermission.name,
  runControlPermission.name,
];

/**
 * Answers what a caller may see and do, always as a set of pipelines, so that lists, counts,
 * statistics and streams can put it into SQL.
 */
export class PipelineAccess {
  readonly #permissions: PermissionsService;
  readonly #definitions: DefinitionsService;
  readonly #isAuthorized: (
    decision: PolicyDecision,
    pipeline: PipelineResource,
  ) => boolean;

  private constructor(options: {
    permissions: PermissionsService;
    definitions: DefinitionsService;
    isAuthorized: (
      decision: PolicyDecision,
      pipeline: PipelineResource,
    ) => boolean;
  }) {
    this.#permissions = options.permissions;
    this.#definitions = options.definitions;
    this.#isAuthorized = options.isAuthorized;
  }

  /**
   * Registers the resource type with its permissions and rules.
   *
   * @param options - `runs` are asked for when a question is about one run
   */
  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
    definitions: DefinitionsService;
    runs: SubmittedRuns;
  }): PipelineAccess {
    const { permissions, permissionsRegistry, definitions, runs } = options;
    permissionsRegistry.addResourceType({
      resourceRef: pipelineResourceRef,
      permissions: pipelinesPermissions,
      rules: Object.values(pipelineRules),
      getResources: refs => findResources({ refs, definitions, runs }),
    });
    return new PipelineAccess({
      permissions,
      definitions,
      isAuthorized: createConditionAuthorizer(
        permissionsRegistry.getPermissionRuleset(pipelineResourceRef),
      ),
    });
  }

  /**
   * The pipelines for which the caller has the permission.
   *
   * @throws NotAllowedError when the policy denies it altogether
   */
  async pipelinesFor(
    permission: PipelinePermission,
    credentials: BackstageCredentials,
  ): Promise<PipelineSet> {
    const decision = await this.#decide(permission, credentials);
    if (decision.result === AuthorizeResult.ALLOW) {
      return 'all';
    }
    if (decision.result === AuthorizeResult.DENY) {
      throw new NotAllowedError(
        `This needs the permission '${permission.name}'`,
      );
    }
    const known = await this.#definitions.listKnown();
    return known
      .filter(pipeline => this.#isAuthorized(decision, pipeline))
      .map(pipeline => pipeline.id);
  }

  /**
   * Whether the caller has the permission for this pipeline, or for this run of it.
   *
   * @param target - with `submittedBy` it is a run
   */
  async isAllowed(
    permission: PipelinePermission,
    target: PipelineTarget,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const allows = await this.judge(permission, credentials);
    return allows(target);
  }

  /**
   * Answers like {@link PipelineAccess.isAllowed} about any number of pipelines or runs, from one
   * decision of the policy.
   *
   * @remarks
   * Runs of our own pipelines, such as bulk actions, have no owner: whoever has the permission
   * for some pipelines may see and control those that they submitted themselves.
   */
  async judge(
    permission: PipelinePermission,
    credentials: BackstageCredentials,
  ): Promise<(target: PipelineTarget) => boolean> {
    const decision = await this.#decide(permission, credentials);
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return () => decision.result === AuthorizeResult.ALLOW;
    }
    const known = new Map(
      (await this.#definitions.listKnown()).map(item => [item.id, item]),
    );
    const { actor } = callerOf(credentials);
    const ofRuns = RUN_PERMISSIONS.includes(permission.name);
    const ofControl = permission.name === runControlPermission.name;
    return ({ pipelineId, submittedBy }) =>
      (ofRuns &&
        submittedBy === actor &&
        this.#definitions.find(pipelineId)?.internal === true) ||
      this.#isAuthorized(decision, {
        ...(known.get(pipelineId) ?? { id: pipelineId, title: pipelineId }),
        submittedBy: ofControl ? submittedBy : undefined,
      });
  }

  /** Those of the wanted pipelines, by id, owner or entity, that the set contains. */
  async narrow(
    set: PipelineSet,
    wanted: {
      pipeline?: readonly string[];
      owner?: readonly string[];
      entity?: readonly string[];
    },
  ): Promise<PipelineSet> {
    if (!wanted.pipeline && !wanted.owner && !wanted.entity) {
      return set;
    }
    const known = await this.#definitions.listKnown();
    return known
      .filter(
        pipeline =>
          (set === 'all' || set.includes(pipeline.id)) &&
          (wanted.pipeline?.includes(pipeline.id) ?? true) &&
          (wanted.owner?.includes(pipeline.owner ?? '') ?? true) &&
          (wanted.entity?.includes(pipeline.entity ?? '') ?? true),
      )
      .map(pipeline => pipeline.id);
  }

  async #decide(
    permission: PipelinePermission,
    credentials: BackstageCredentials,
  ): Promise<PolicyDecision> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    return decision;
  }
}

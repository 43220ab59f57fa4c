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
import { pipelinesPermissions } from '@millrace/backstage-plugin-pipelines-common';
import type { DefinitionsService, KnownPipeline } from '../definitions';
import {
  pipelineResourceRef,
  pipelineRules,
  type PipelineResource,
} from './rules';

/** Every pipeline, or just these. */
export type PipelineSet = 'all' | readonly string[];

type PipelinePermission = ResourcePermission<'pipeline'>;

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

  /** Registers the resource type with its permissions and rules. */
  static create(options: {
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
    definitions: DefinitionsService;
  }): PipelineAccess {
    const { permissions, permissionsRegistry, definitions } = options;
    permissionsRegistry.addResourceType({
      resourceRef: pipelineResourceRef,
      permissions: pipelinesPermissions,
      rules: Object.values(pipelineRules),
      getResources: async refs => {
        const known = await definitions.listKnown();
        return refs.map(ref => known.find(pipeline => pipeline.id === ref));
      },
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

  /** Whether the caller has the permission for this pipeline, or for this run of it. */
  async isAllowed(
    permission: PipelinePermission,
    target: { pipelineId: string; submittedBy?: string },
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const decision = await this.#decide(permission, credentials);
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return decision.result === AuthorizeResult.ALLOW;
    }
    const pipeline = await this.#find(target.pipelineId);
    return this.#isAuthorized(decision, {
      ...pipeline,
      submittedBy: target.submittedBy,
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

  async #find(pipelineId: string): Promise<KnownPipeline> {
    const known = await this.#definitions.listKnown();
    return (
      known.find(pipeline => pipeline.id === pipelineId) ?? {
        id: pipelineId,
        title: pipelineId,
      }
    );
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

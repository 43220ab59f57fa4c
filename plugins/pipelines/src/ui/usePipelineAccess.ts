import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  pipelineConfigurePermission,
  pipelineRunPermission,
  queueControlPermission,
  runControlPermission,
  runResourceRef,
} from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../translation';

const PERMISSIONS = {
  run: pipelineRunPermission,
  queue: queueControlPermission,
  configure: pipelineConfigurePermission,
};

/** What {@link usePipelineAccess} can be asked for. */
export type PipelineAccessKind = keyof typeof PERMISSIONS;

/** Whether the person may do something to a pipeline, or to a run of it. */
export interface PipelineAccess {
  isAllowed: boolean;
  /** Why not, for a tooltip; undefined while that is not known and when it is allowed. */
  refusal?: string;
}

/**
 * Whether the person may submit runs of a pipeline (`run`), pause it (`queue`), or edit its
 * settings (`configure`).
 */
export function usePipelineAccess(
  kind: PipelineAccessKind,
  pipeline: { id?: string; owner?: string },
): PipelineAccess {
  return useAccess(PERMISSIONS[kind], pipeline.id, pipeline.owner);
}

/**
 * Whether the person may cancel, pause, resume, retry or edit a run.
 *
 * @remarks
 * It is asked about the run and not about its pipeline, because a policy may let people control
 * just what they submitted.
 */
export function useRunAccess(run: {
  id?: string;
  owner?: string;
}): PipelineAccess {
  return useAccess(
    runControlPermission,
    run.id && runResourceRef(run.id),
    run.owner,
  );
}

function useAccess(
  permission: ResourcePermission,
  resourceRef: string | undefined,
  owner: string | undefined,
): PipelineAccess {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { allowed, loading } = usePermission({ permission, resourceRef });
  if (allowed || loading || !resourceRef) {
    return { isAllowed: allowed };
  }
  return {
    isAllowed: false,
    refusal: owner
      ? t('common.needsPermissionOwner', { permission: permission.name, owner })
      : t('common.needsPermission', { permission: permission.name }),
  };
}

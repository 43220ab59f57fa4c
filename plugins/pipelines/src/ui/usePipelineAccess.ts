import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  pipelineConfigurePermission,
  pipelineRunPermission,
  queueControlPermission,
  runControlPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../translation';

const PERMISSIONS = {
  run: pipelineRunPermission,
  control: runControlPermission,
  queue: queueControlPermission,
  configure: pipelineConfigurePermission,
};

/** What {@link usePipelineAccess} can be asked for. */
export type PipelineAccessKind = keyof typeof PERMISSIONS;

/** Whether the person may do something to a pipeline. */
export interface PipelineAccess {
  isAllowed: boolean;
  /** Why not, for a tooltip; undefined while that is not known and when it is allowed. */
  refusal?: string;
}

/**
 * Whether the person may submit runs of a pipeline (`run`), cancel them (`control`), pause it
 * (`queue`), or edit its settings (`configure`).
 */
export function usePipelineAccess(
  kind: PipelineAccessKind,
  pipeline: { id?: string; owner?: string },
): PipelineAccess {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const permission = PERMISSIONS[kind];
  const { allowed, loading } = usePermission({
    permission,
    resourceRef: pipeline.id,
  });
  if (allowed || loading || !pipeline.id) {
    return { isAllowed: allowed };
  }
  return {
    isAllowed: false,
    refusal: pipeline.owner
      ? t('common.needsPermissionOwner', {
          permission: permission.name,
          owner: pipeline.owner,
        })
      : t('common.needsPermission', { permission: permission.name }),
  };
}

import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  permissionApiRef,
  usePermission,
} from '@backstage/plugin-permission-react';
import {
  pipelineConfigurePermission,
  queueControlPermission,
} from '@millrace/backstage-plugin-pipelines-common';
import { useQuery } from '@tanstack/react-query';
import { pipelinesTranslationRef } from '../translation';
import type { PipelineAccess } from './usePipelineAccess';

const PERMISSIONS = {
  queue: queueControlPermission,
  configure: pipelineConfigurePermission,
};

/**
 * The id of no pipeline: a browser may only ask about one, and a permission that is given under
 * conditions is denied for one that is not there, so only whoever has it for all is allowed.
 */
const NO_PIPELINE = '*';

/** Pipelines that are asked about, one by one. */
const MOST_ASKED = 50;

/** Whether the person may control the whole queue, or edit the settings of the portal. */
export function usePortalAccess(kind: 'queue' | 'configure'): PipelineAccess {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const permission = PERMISSIONS[kind];
  const { allowed, loading } = usePermission({
    permission,
    resourceRef: NO_PIPELINE,
  });
  return {
    isAllowed: allowed,
    refusal:
      allowed || loading
        ? undefined
        : t('queue.needsForAll', { permission: permission.name }),
  };
}

/** Whether the person may control the queue of at least one of these pipelines. */
export function useQueueAccess(pipelineIds: readonly string[]): PipelineAccess {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const permissions = useApi(permissionApiRef);
  const permission = queueControlPermission;
  const asked = [NO_PIPELINE, ...pipelineIds.slice(0, MOST_ASKED)];
  const { data } = useQuery({
    queryKey: ['queue-access', asked],
    queryFn: async () => {
      const answers = await Promise.all(
        asked.map(resourceRef =>
          permissions.authorize({ permission, resourceRef }),
        ),
      );
      return answers.some(({ result }) => result === 'ALLOW');
    },
    staleTime: Infinity,
  });
  return {
    isAllowed: data ?? false,
    refusal:
      data === false
        ? t('queue.needsForOne', { permission: permission.name })
        : undefined,
  };
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { BulkAction } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../translation';

const TITLES = {
  cancel: 'bulk.doCancel',
  retry: 'bulk.doRetry',
  pause: 'bulk.doPause',
  resume: 'bulk.doResume',
  priority: 'bulk.doPriority',
  label: 'bulk.doLabel',
} as const satisfies Record<BulkAction, string>;

/** A bulk action as a sentence: "Cancel 334 runs". */
export function useBulkTitle(): (action: BulkAction, count: number) => string {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (action, count) => t(TITLES[action], { count });
}

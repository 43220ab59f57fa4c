import type {
  BulkAction,
  BulkFilter,
  BulkRequest,
  RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import { parseLabels } from '../submit/labels';

/** What a person has said in the drawer of bulk actions. */
export interface BulkDraft {
  scope: 'chosen' | 'all';
  /** Absent until somebody has chosen. */
  action?: BulkAction;
  priority: number;
  /** One `name=value` per line. */
  labels: string;
  force: boolean;
  fromFailedStep: boolean;
}

/** What the drawer begins with. */
export const NEW_DRAFT: BulkDraft = {
  scope: 'chosen',
  priority: 0,
  labels: '',
  force: false,
  fromFailedStep: false,
};

/** The request that a draft means, without reason; undefined while the draft does not say enough. */
export function bulkRequestOf(
  draft: BulkDraft,
  runs: { ids: ReadonlySet<string>; filter: RunsFilter },
): BulkRequest | undefined {
  const { action, scope } = draft;
  if (!action || (scope === 'chosen' && runs.ids.size === 0)) {
    return undefined;
  }
  const request: BulkRequest = {
    action,
    ...(scope === 'chosen'
      ? { runIds: [...runs.ids] }
      : { filter: bulkFilterOf(runs.filter) }),
  };
  switch (action) {
    case 'cancel':
      return draft.force ? { ...request, force: true } : request;
    case 'retry':
      return draft.fromFailedStep
        ? { ...request, fromFailedStep: true }
        : request;
    case 'priority':
      return Number.isNaN(draft.priority)
        ? undefined
        : { ...request, priority: draft.priority };
    case 'label': {
      const { labels } = parseLabels(draft.labels);
      return labels && Object.keys(labels).length > 0
        ? { ...request, labels }
        : undefined;
    }
    default:
      return request;
  }
}

/** The filter of the runs list as a bulk action takes it: what is empty is left out. */
export function bulkFilterOf(filter: RunsFilter): BulkFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(
      ([, value]) =>
        value !== undefined &&
        !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  );
}

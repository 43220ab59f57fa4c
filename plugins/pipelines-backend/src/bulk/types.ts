import {
  BULK_ACTIONS,
  BulkFilterSchema,
  type BulkAction,
  type BulkItem,
  type BulkRequestSchema,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';
import type { Actor, RunCandidate } from '../runs';

/** What somebody asks to be done to many runs. */
export type BulkRequest = z.output<typeof BulkRequestSchema>;

/** The parameters of the run that carries out a bulk action. */
export const BulkParametersSchema = z.object({
  action: z.enum(BULK_ACTIONS),
  total: z.int(),
  filter: BulkFilterSchema.optional(),
  reason: z.string().optional(),
  force: z.boolean().optional(),
  fromFailedStep: z.boolean().optional(),
  priority: z.int().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** {@inheritDoc BulkParametersSchema} */
export type BulkParameters = z.infer<typeof BulkParametersSchema>;

/** The runs of a request, sorted into those that it can be done to and the others. */
export interface ResolvedRuns {
  /** Runs that are named or match, and that the caller may see. */
  matches: number;
  /** In the order in which it is done. */
  items: RunCandidate[];
  /** How many are left out, by the reason. */
  skipped: Map<string, number>;
}

/** A bulk action as it is stored. */
export interface BulkRow {
  id: string;
  state: RunState;
  submitted_by: Actor;
  parameters: BulkParameters;
  queued_at: Date;
  finished_at: Date | null;
}

/** A row of the table `bulk_items`. */
export interface BulkItemRow {
  bulk_run_id: string;
  position: number;
  run_id: string;
  pipeline_id: string;
  title: string;
  state: BulkItem['state'];
  message: string | null;
  new_run_id: string | null;
}

/** What came of one run. */
export interface BulkOutcome {
  state: Exclude<BulkItem['state'], 'pending'>;
  /** Why it was skipped or failed. */
  message?: string;
  /** What a retry has made. */
  newRunId?: string;
}

/** Numbers of runs of a bulk action by what came of them. */
export type BulkCounts = Record<BulkItem['state'], number>;

/** What is done to a run by each action, as in "none of them can be …". */
export const DONE_BY: Readonly<Record<BulkAction, string>> = {
  cancel: 'cancelled',
  pause: 'paused',
  resume: 'resumed',
  retry: 'retried',
  priority: 'given this priority',
  label: 'given these labels',
};

import type {
  FailureEvent,
  FailureState,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Actor } from '../runs';

/** Who changes the state of a failure when nobody does. */
export const SYSTEM_ACTOR: Actor = 'system';

/** A row of the table `failure_groups`. */
export interface FailureGroupRow {
  fingerprint: string;
  kind: string;
  step: string | null;
  template: string;
  state: FailureState;
  ignored_until: Date | null;
  ignored_count: number | null;
  changed_at: Date | null;
  changed_by: string | null;
}

/** What changes of a group. */
export type FailureChange = Pick<
  FailureGroupRow,
  'state' | 'ignored_until' | 'ignored_count'
>;

/** Something that happens to a failure, to be recorded. */
export interface NewFailureEvent {
  fingerprint: string;
  name: FailureEvent['name'];
  actor: Actor;
  reason?: string;
  until?: Date;
  count?: number;
  runId?: string;
}

/** The time that occurrences are counted over, in equal spans of whole hours. */
export interface FailurePeriod {
  /** As the caller said it. */
  from: Date;
  /** Start of the first span: the hour of `from`. */
  start: Date;
  /** Length of a span. */
  hours: number;
  spans: number;
}

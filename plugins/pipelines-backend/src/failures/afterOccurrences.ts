import type { FailureChange, FailureGroupRow, NewFailureEvent } from './types';
import { SYSTEM_ACTOR } from './types';

/** One run that ended with a failure. */
export interface Occurrence {
  runId: string;
  pipelineId: string;
  at: Date;
}

/** What follows from more occurrences. */
export interface Consequence {
  change: FailureChange;
  /** Absent when only the count goes down. */
  event?: NewFailureEvent;
}

/**
 * What more occurrences make of the state of a group; undefined when they change nothing.
 *
 * @remarks
 * Only those count that are after the last change: what is grouped late, or imported, does not
 * bring a failure back.
 */
export function afterOccurrences(
  group: FailureGroupRow,
  occurrences: readonly Occurrence[],
): Consequence | undefined {
  const { fingerprint, state, changed_at, ignored_count } = group;
  const later = occurrences
    .filter(({ at }) => !changed_at || at > changed_at)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  if (later.length === 0) {
    return undefined;
  }
  if (state === 'resolved') {
    return {
      change: { state: 'regressed', ignored_until: null, ignored_count: null },
      event: {
        fingerprint,
        name: 'regressed',
        actor: SYSTEM_ACTOR,
        runId: later[0].runId,
      },
    };
  }
  if (state !== 'ignored' || ignored_count === null) {
    return undefined;
  }
  if (later.length < ignored_count) {
    return {
      change: {
        state,
        ignored_until: null,
        ignored_count: ignored_count - later.length,
      },
    };
  }
  return {
    change: { state: 'unresolved', ignored_until: null, ignored_count: null },
    event: {
      fingerprint,
      name: 'ignore-ended',
      actor: SYSTEM_ACTOR,
      runId: later[ignored_count - 1].runId,
    },
  };
}

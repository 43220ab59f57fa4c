import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Actor } from '../types';

/** Longest details of an event, in characters of JSON. */
const MAX_DETAILS_LENGTH = 16 * 1024;

/** Something that happened to a run, to be recorded. */
export interface NewRunEvent {
  runId: string;
  kind: 'transition' | 'action' | 'runner' | 'warning';
  /** One word, like `submitted`. */
  name: string;
  from?: RunState;
  to?: RunState;
  attempt?: number;
  actor: Actor;
  reason?: string;
  details?: unknown;
}

/** Records an event, in the transaction of what it records. */
export async function appendEvent(
  knex: Knex,
  event: NewRunEvent,
): Promise<void> {
  await knex.raw(
    `with numbered as (
       update runs set event_seq = event_seq + 1 where id = :runId returning event_seq)
     insert into run_events (run_id, seq, kind, name, from_state, to_state, attempt, actor, reason, details)
     select :runId, event_seq, :kind, :name, :from, :to, :attempt, :actor, :reason, :details
       from numbered`,
    {
      runId: event.runId,
      kind: event.kind,
      name: event.name,
      from: event.from ?? null,
      to: event.to ?? null,
      attempt: event.attempt ?? null,
      actor: event.actor,
      reason: event.reason ?? null,
      details: detailsJson(event.details),
    },
  );
}

function detailsJson(details: unknown): string | null {
  if (details === undefined) {
    return null;
  }
  const json = JSON.stringify(details);
  return json.length <= MAX_DETAILS_LENGTH
    ? json
    : JSON.stringify({ omitted: `${json.length} characters of JSON` });
}

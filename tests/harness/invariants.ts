import { findTaggedProcesses } from '../../scripts/lib/taggedProcesses.ts';
import type { TestPostgres } from './startPostgres.ts';

interface Invariant {
  /** What must always hold. */
  promise: string;
  /** Selects the rows that break it. */
  violations: string;
}

const TERMINAL = `('succeeded', 'failed', 'timed_out', 'cancelled', 'lost')`;
const LEASED = `('starting', 'running', 'pausing', 'paused', 'cancelling')`;

const INVARIANTS: Invariant[] = [
  {
    promise: 'every recorded transition is a legal one',
    violations: `
      select e.run_id, e.seq, e.from_state, e.to_state
        from run_events e join runs r on r.id = e.run_id and r.origin = 'own'
       where e.kind = 'transition' and e.from_state is not null
         and not exists (
           select from legal_transitions t
            where t.from_state = e.from_state and t.to_state = e.to_state)`,
  },
  {
    promise: 'the transitions of a run follow each other without a gap',
    violations: `
      select run_id, seq, from_state, before from (
        select e.run_id, e.seq, e.from_state,
               lag(e.to_state) over (partition by e.run_id order by e.seq) as before
          from run_events e join runs r on r.id = e.run_id and r.origin = 'own'
         where e.kind = 'transition') t
       where before is not null and from_state is distinct from before`,
  },
  {
    promise: 'the last transition leads to the state of the run',
    violations: `
      select r.id, r.state, last.to_state from runs r
        join lateral (
          select to_state from run_events
           where run_id = r.id and kind = 'transition'
           order by seq desc limit 1) last on true
       where r.origin = 'own' and last.to_state <> r.state`,
  },
  {
    promise: 'a run has at most one terminal transition',
    violations: `
      select run_id, count(*) from run_events
       where kind = 'transition' and to_state in ${TERMINAL}
       group by run_id having count(*) > 1`,
  },
  {
    promise: 'the events of a run are numbered without a gap',
    violations: `
      select r.id, r.event_seq, count(e.seq), max(e.seq) from runs r
        left join run_events e on e.run_id = r.id
       where r.origin = 'own'
       group by r.id, r.event_seq
      having count(e.seq) <> r.event_seq or coalesce(max(e.seq), 0) <> r.event_seq`,
  },
  {
    promise: 'a run is finished if and only if its state is terminal',
    violations: `
      select id, state, finished_at from runs
       where origin = 'own' and (state in ${TERMINAL}) <> (finished_at is not null)`,
  },
  {
    promise: 'a run has a lease if and only if its state is a leased one',
    violations: `
      select id, state, lease_token from runs
       where origin = 'own' and (state in ${LEASED}) <> (lease_token is not null)`,
  },
  {
    promise: 'attempts are numbered from 1 to the attempt of the run',
    violations: `
      select r.id, r.attempt, count(a.attempt), max(a.attempt) from runs r
        left join run_attempts a on a.run_id = r.id
       where r.origin = 'own'
       group by r.id, r.attempt
      having count(a.attempt) <> r.attempt or coalesce(max(a.attempt), 0) <> r.attempt`,
  },
  {
    promise: 'only the attempt that holds the lease is unfinished',
    violations: `
      select a.run_id, a.attempt, a.state from run_attempts a
        join runs r on r.id = a.run_id
       where r.origin = 'own'
         and (a.finished_at is null)
          <> (r.lease_token is not null and a.attempt = r.attempt)`,
  },
  {
    promise: 'log chunks are numbered from 0 without a gap',
    violations: `
      select run_id, attempt, count(*), min(chunk_no), max(chunk_no) from log_chunks
       group by run_id, attempt
      having min(chunk_no) <> 0 or max(chunk_no) <> count(*) - 1`,
  },
  {
    promise: 'each log chunk begins where the one before it ends',
    violations: `
      select run_id, attempt, chunk_no from (
        select run_id, attempt, chunk_no, first_line, byte_start,
               lag(first_line + line_count) over w as next_line,
               lag(byte_start + byte_len) over w as next_byte
          from log_chunks window w as (partition by run_id, attempt order by chunk_no)) c
       where next_line is not null
         and (first_line <> next_line or byte_start <> next_byte)`,
  },
  {
    promise: 'an attempt counts exactly what is stored of its log',
    violations: `
      select a.run_id, a.attempt, a.log_chunks, a.log_lines, a.log_bytes,
             stored.chunks, stored.lines, stored.bytes
        from run_attempts a
        join (select run_id, attempt, count(*) as chunks, sum(line_count) as lines,
                     sum(byte_len) as bytes, sum(length(data)) as data_bytes
                from log_chunks group by run_id, attempt) stored using (run_id, attempt)
       where (a.log_chunks, a.log_lines, a.log_bytes, a.log_bytes)
          <> (stored.chunks, stored.lines, stored.bytes, stored.data_bytes)`,
  },
  {
    promise: 'every run that is over is counted once in the statistics',
    violations: `
      with counted as (
        select pipeline_id, state, sum(runs) as runs from (
          select pipeline_id, state, weight as runs from stats_deltas
          union all
          select pipeline_id, state, run_count from stats_daily) s
         group by pipeline_id, state),
      over as (
        select pipeline_id, state, count(*) as runs from runs
         where finished_at is not null group by pipeline_id, state)
      select pipeline_id, state, counted.runs as counted, over.runs
        from counted full join over using (pipeline_id, state)
       where coalesce(counted.runs, 0) <> coalesce(over.runs, 0)`,
  },
  {
    promise: 'every request to cancel is recorded with who asked first',
    violations: `
      select r.id, r.cancel_requested_by from runs r
       where r.origin = 'own' and r.cancel_requested_at is not null
         and r.cancel_requested_by is distinct from (
           select e.actor from run_events e
            where e.run_id = r.id and e.name in ('cancel-requested', 'cancelled')
            order by e.seq limit 1)`,
  },
  {
    promise: 'every action on a run has an actor',
    violations: `
      select run_id, seq, name from run_events where actor = ''`,
  },
  {
    promise: 'every own run was recorded when it was submitted',
    violations: `
      select r.id from runs r
       where r.origin = 'own'
         and not exists (select from run_events e where e.run_id = r.id and e.seq = 1)`,
  },
];

const SHOWN_VIOLATIONS = 5;

/** What else must hold, see `requireInvariants`. */
export interface InvariantOptions {
  /** No process of a run that keeps its files under this folder may be alive. */
  dataDirectory?: string;
}

/**
 * Checks what must always hold over the tables of the pipelines plugin, and that no
 * process of a run is left where none may be.
 *
 * @remarks
 * Each check is one statement, so it sees one moment and may run while the portal
 * works. Generated history (label `demo: generated`) has its own shape and obeys
 * the same rules.
 *
 * @throws an error that names each broken promise with the first rows that break it
 */
export async function requireInvariants(
  postgres: Pick<TestPostgres, 'query'>,
  { dataDirectory }: InvariantOptions = {},
): Promise<void> {
  const broken: string[] = [];
  for (const { promise, violations } of INVARIANTS) {
    const rows = await postgres.query(violations);
    if (rows.length > 0) {
      const shown = rows
        .slice(0, SHOWN_VIOLATIONS)
        .map(row => `    ${JSON.stringify(row)}`);
      broken.push(`  ${promise}: ${rows.length} rows\n${shown.join('\n')}`);
    }
  }
  const alive = dataDirectory
    ? await findTaggedProcesses({ dataDirectory })
    : [];
  if (alive.length > 0) {
    const shown = alive.map(process => `    ${JSON.stringify(process)}`);
    broken.push(`  no process of a run is alive:\n${shown.join('\n')}`);
  }
  if (broken.length > 0) {
    throw new Error(`Invariants are broken:\n${broken.join('\n')}`);
  }
}

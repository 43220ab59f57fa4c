import type {
  FailureState,
  RunError,
} from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { PipelineSet } from '../../permissions';
import type { FailureGroupRow } from '../types';

/** A failure in a pipeline, as a place in the list: newest last-seen first. */
export interface FailurePlace {
  lastSeen: Date;
  fingerprint: string;
  pipelineId: string;
}

/** A group with where it was seen last, of the pipelines that are looked at. */
export type ListedGroupRow = FailureGroupRow & {
  last_seen: Date;
  pipeline_id: string;
};

/** Which failures a list wants. */
export interface FailureListFilter {
  pipelines: PipelineSet;
  /** Only those that were seen then or later. */
  from: Date;
  states?: readonly FailureState[];
  kinds?: readonly RunError['kind'][];
  /** Text that template or step contains, in any case. */
  text?: string;
  /** Only what comes after this place. */
  after?: FailurePlace;
}

/** Groups of a page, and where the search ended when it did for its budget. */
export interface ListedGroups {
  rows: ListedGroupRow[];
  searchedTo?: FailurePlace;
}

/**
 * The failures that match, those first that were seen last.
 *
 * @remarks
 * Walks the pipelines with failures in the order in which those were last seen; a group is where
 * the newest of its pipelines in the set is. At most `scanBudget` of them are looked at.
 */
export async function listGroups(options: {
  knex: Knex;
  filter: FailureListFilter;
  limit: number;
  scanBudget: number;
}): Promise<ListedGroups> {
  const { knex, filter, limit } = options;
  const { after, pipelines } = filter;
  const range = `from failure_pipelines where last_seen >= :from ${
    after
      ? 'and (last_seen, fingerprint, pipeline_id) < (:lastSeen, :fingerprint, :pipelineId)'
      : ''
  } order by last_seen desc, fingerprint desc, pipeline_id desc`;
  const bindings = {
    from: filter.from,
    lastSeen: after?.lastSeen ?? null,
    fingerprint: after?.fingerprint ?? null,
    pipelineId: after?.pipelineId ?? null,
    pipelines: pipelines === 'all' ? [] : pipelines,
    states: filter.states ?? [],
    kinds: filter.kinds ?? [],
    text: `%${(filter.text ?? '').replace(/[\\%_]/g, '\\$&')}%`,
    budget: options.scanBudget,
    limit,
  };
  const isWanted = (alias: string) =>
    pipelines === 'all' ? 'true' : `${alias}.pipeline_id = any(:pipelines)`;
  const { rows } = await knex.raw<{ rows: ListedGroupRow[] }>(
    `with scanned as materialized (
       select fingerprint, pipeline_id, last_seen ${range} limit :budget)
     select g.*, s.last_seen, s.pipeline_id from scanned s join failure_groups g using (fingerprint)
      where ${[
        isWanted('s'),
        `not exists (select from failure_pipelines o where o.fingerprint = s.fingerprint and ${isWanted(
          'o',
        )} and (o.last_seen, o.pipeline_id) > (s.last_seen, s.pipeline_id))`,
        ...(filter.states ? ['g.state = any(:states)'] : []),
        ...(filter.kinds ? ['g.kind = any(:kinds)'] : []),
        ...(filter.text
          ? ['(g.template ilike :text or g.step ilike :text)']
          : []),
      ].join(' and ')}
      order by s.last_seen desc, s.fingerprint desc, s.pipeline_id desc limit :limit`,
    bindings,
  );
  if (rows.length === limit) {
    return { rows };
  }
  const ends = await knex.raw<{ rows: ListedGroupRow[] }>(
    `select last_seen, fingerprint, pipeline_id ${range} limit 1 offset :budget - 1`,
    bindings,
  );
  const [end] = ends.rows;
  return { rows, ...(end && { searchedTo: placeOf(end) }) };
}

/** The place of a row in the list. */
export function placeOf(
  row: Pick<ListedGroupRow, 'last_seen' | 'fingerprint' | 'pipeline_id'>,
): FailurePlace {
  return {
    lastSeen: row.last_seen,
    fingerprint: row.fingerprint,
    pipelineId: row.pipeline_id,
  };
}

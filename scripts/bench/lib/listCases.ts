import { FLEET, type BenchKnex } from './seededDatabase.ts';

/** A list that is asked for, and what a person would write for it in SQL. */
export interface ListCase {
  name: string;
  /** As `GET /runs` has it, but for pipelines. */
  query: Record<string, unknown>;
  where: string;
  bindings: Record<string, unknown>;
  /** Of a filter by pipeline, owner or entity: the pipelines that it names. */
  pipelines?: string[];
  /** Looks for a text, for which there is a goal of its own. */
  isText?: boolean;
}

const FAILED = ['failed', 'timed_out', 'lost'];

/** Every filter alone, and three at once. */
export async function listCases(knex: BenchKnex): Promise<ListCase[]> {
  const {
    rows: [facts],
  } = await knex.raw<{ fingerprint: string; from: Date; to: Date }>(
    `select (select fingerprint from failure_pipelines group by 1 order by sum(runs) offset 3 limit 1) as fingerprint,
       now() - interval '200 days' as from, now() - interval '100 days' as to`,
  );
  const { fingerprint, from, to } = facts!;
  const of = (owner: string) =>
    FLEET.filter(pipeline => pipeline.owner === owner).map(({ id }) => id);
  return [
    { name: 'nothing', query: {}, where: 'true', bindings: {} },
    {
      name: 'state failed, timed out or lost',
      query: { state: FAILED },
      where: 'state = any(:states)',
      bindings: { states: FAILED },
    },
    {
      name: 'state succeeded',
      query: { state: ['succeeded'] },
      where: `state = 'succeeded'`,
      bindings: {},
    },
    {
      name: 'state is not succeeded',
      query: { 'state.not': ['succeeded'] },
      where: `state <> 'succeeded'`,
      bindings: {},
    },
    {
      name: 'state running (none)',
      query: { state: ['running', 'starting'] },
      where: `state in ('running', 'starting')`,
      bindings: {},
    },
    {
      name: 'a pipeline',
      query: {},
      pipelines: ['feed-6'],
      where: 'true',
      bindings: {},
    },
    {
      name: 'the rarest pipelines',
      query: {},
      pipelines: FLEET.slice(10, 30).map(({ id }) => id),
      where: 'true',
      bindings: {},
    },
    {
      name: 'an owner',
      query: {},
      pipelines: of('group:default/team-6'),
      where: 'true',
      bindings: {},
    },
    {
      name: 'an entity',
      query: {},
      pipelines: FLEET.filter(
        ({ entity }) => entity === 'component:default/archive-7',
      ).map(({ id }) => id),
      where: 'true',
      bindings: {},
    },
    {
      name: 'not the busiest pipelines',
      query: { 'pipeline.not': ['feed-0', 'feed-1', 'feed-5'] },
      where: `pipeline_id not in ('feed-0', 'feed-1', 'feed-5')`,
      bindings: {},
    },
    {
      name: 'trigger api',
      query: { trigger: ['api'] },
      where: `trigger = 'api'`,
      bindings: {},
    },
    {
      name: 'trigger folder (none)',
      query: { trigger: ['folder'] },
      where: `trigger = 'folder'`,
      bindings: {},
    },
    {
      name: 'trigger is not schedule',
      query: { 'trigger.not': ['schedule'] },
      where: `trigger <> 'schedule'`,
      bindings: {},
    },
    {
      name: 'submitted by',
      query: { submittedBy: ['user:default/user-3'] },
      where: `submitted_by = 'user:default/user-3'`,
      bindings: {},
    },
    {
      name: 'a label that many have',
      query: { label: { environment: 'staging' } },
      where: `labels @> '{"environment":"staging"}'`,
      bindings: {},
    },
    {
      name: 'a label that few have',
      query: { label: { customer: 'c421' } },
      where: `labels @> '{"customer":"c421"}'`,
      bindings: {},
    },
    {
      name: 'took at least 15 minutes',
      query: { minDuration: 900 },
      where: `finished_at - started_at >= interval '900 s'`,
      bindings: {},
    },
    {
      name: 'took at most 3 seconds',
      query: { maxDuration: 3 },
      where: `finished_at - started_at <= interval '3 s'`,
      bindings: {},
    },
    {
      name: 'a failure',
      query: { fingerprint },
      where: 'fingerprint = :fingerprint',
      bindings: { fingerprint },
    },
    {
      name: 'from and to',
      query: { from: from.toISOString(), to: to.toISOString() },
      where: 'id >= millrace_uuid_at(:from) and id < millrace_uuid_at(:to)',
      bindings: { from, to },
    },
    {
      name: 'text over failed runs',
      isText: true,
      query: { state: FAILED, q: 'no space left' },
      where: `state = any(:states) and (title ilike :text or error_message ilike :text or cast(parameters as text) ilike :text)`,
      bindings: { states: FAILED, text: '%no space left%' },
    },
    {
      name: 'text that no failed run has',
      isText: true,
      query: { state: FAILED, q: 'nowhere to be found' },
      where: `state = any(:states) and (title ilike :text or error_message ilike :text or cast(parameters as text) ilike :text)`,
      bindings: { states: FAILED, text: '%nowhere to be found%' },
    },
    {
      name: 'text over all runs',
      isText: true,
      query: { q: 'part 4711' },
      where:
        '(title ilike :text or error_message ilike :text or cast(parameters as text) ilike :text)',
      bindings: { text: '%part 4711%' },
    },
    {
      name: 'owner, trigger, label',
      query: { trigger: ['webhook'], label: { environment: 'staging' } },
      pipelines: of('group:default/team-6'),
      where: `trigger = 'webhook' and labels @> '{"environment":"staging"}'`,
      bindings: {},
    },
    {
      name: 'failed, label, took at least 5 minutes',
      query: {
        state: ['failed'],
        label: { customer: 'c421' },
        minDuration: 300,
      },
      where: `state = 'failed' and labels @> '{"customer":"c421"}' and finished_at - started_at >= interval '300 s'`,
      bindings: {},
    },
    {
      name: 'submitted by, trigger, from and to',
      query: {
        submittedBy: ['user:default/user-3'],
        trigger: ['manual'],
        from: from.toISOString(),
        to: to.toISOString(),
      },
      where: `submitted_by = 'user:default/user-3' and trigger = 'manual'
        and id >= millrace_uuid_at(:from) and id < millrace_uuid_at(:to)`,
      bindings: { from, to },
    },
  ];
}

import type { RunState } from '@millrace/backstage-plugin-pipelines-common';
import { mockServices } from '@backstage/backend-test-utils';
import {
  createTestDefinitions,
  TestDatabase,
  TEST_WORKER,
  type TestPipeline,
} from '../../__testUtils__';
import { insertRun } from '../../__testUtils__/insertRun';
import type { DefinitionsService } from '../../definitions';
import { RunsService, type Lease } from '../../runs';
import { DatabaseRunQueue } from '../DatabaseRunQueue';
import { QueueService } from '../QueueService';
import type { ClaimedRun } from '../types';

/** An end by which a run has succeeded. */
export const EXIT_0 = { end: { kind: 'exited', exitCode: 0 } } as const;

/** An end by which a run has failed. */
export const EXIT_1 = { end: { kind: 'exited', exitCode: 1 } } as const;

/** A queue on a database of its own, with some processes that use it. */
export class QueueHarness {
  private constructor(
    readonly database: TestDatabase,
    readonly definitions: DefinitionsService,
    readonly runs: RunsService,
    /** One per process, each with connections of its own; the first is `queue`. */
    readonly queues: readonly DatabaseRunQueue[],
    readonly service: QueueService,
    private readonly clients: readonly TestDatabase['knex'][],
  ) {}

  static async create(options: {
    pipelines: readonly TestPipeline[];
    processes?: number;
  }): Promise<QueueHarness> {
    const database = await TestDatabase.create({ poolSize: 20 });
    const { knex } = database;
    const definitions = await createTestDefinitions(knex, options.pipelines);
    const clients = Array.from({ length: (options.processes ?? 1) - 1 }, () =>
      database.connect(),
    );
    const harness = new QueueHarness(
      database,
      definitions,
      new RunsService({ knex, definitions }),
      [knex, ...clients].map(
        client => new DatabaseRunQueue({ knex: client, definitions }),
      ),
      new QueueService({ knex, definitions }),
      clients,
    );
    await harness.syncLimits();
    return harness;
  }

  get queue(): DatabaseRunQueue {
    return this.queues[0];
  }

  get knex() {
    return this.database.knex;
  }

  get pipelineIds(): string[] {
    return this.definitions.list().map(({ id }) => id);
  }

  /** Every limit as the definitions say. */
  syncLimits(total?: number): Promise<void> {
    return this.service.syncLimits({
      total,
      pipelines: this.definitions.list(),
    });
  }

  async drop(): Promise<void> {
    await Promise.all(this.queues.map(queue => queue.close()));
    await Promise.all(this.clients.map(client => client.destroy()));
    await this.database.drop();
  }

  /** Forgets every run, pause, worker and event. */
  async clear(): Promise<void> {
    await this.knex('runs').delete();
    await this.knex('run_events').delete();
    await this.knex('queue_pauses').delete();
    await this.knex('queue_events').delete();
    await this.knex('workers').delete();
  }

  /** A queued run. */
  insert(
    pipeline_id: string,
    columns: Record<string, unknown> = {},
  ): Promise<string> {
    const { maxAttempts } = this.definitions.get(pipeline_id);
    return insertRun(this.knex, {
      pipeline_id,
      state: 'queued',
      max_attempts: maxAttempts,
      ...columns,
    });
  }

  /** Many queued runs with these columns, in the order of their ids. */
  async insertMany(
    count: number,
    pipeline_id: string,
    columns: Record<string, unknown> = {},
  ): Promise<void> {
    await this.knex.raw(
      `insert into runs (id, pipeline_id, trigger, state, title, submitted_by, priority, concurrency_key, max_attempts, run_at)
       select (lpad(to_hex(n), 12, '0') || '7000800000000000' || lpad(to_hex(trunc(random() * 65535)::integer), 4, '0'))::uuid,
         :pipeline_id, :trigger, 'queued', 'x', 'user:default/alice', :priority, :concurrency_key, :maxAttempts,
         now() - :ageMs * interval '1 millisecond'
         from generate_series(1, :count::integer) n`,
      {
        pipeline_id,
        count,
        maxAttempts: this.definitions.get(pipeline_id).maxAttempts,
        trigger: 'manual',
        priority: 0,
        concurrency_key: null,
        ageMs: 0,
        ...columns,
      },
    );
  }

  claim(
    limit = 1,
    options: {
      pipelineIds?: readonly string[];
      queue?: DatabaseRunQueue;
      worker?: typeof TEST_WORKER;
    } = {},
  ): Promise<ClaimedRun[]> {
    const { queue = this.queue, worker = TEST_WORKER } = options;
    return queue.claim({
      worker,
      pipelineIds: options.pipelineIds ?? this.pipelineIds,
      limit,
    });
  }

  /** The ids of the runs that a claim of so many gets. */
  async claimIds(limit = 1): Promise<string[]> {
    return (await this.claim(limit)).map(({ lease }) => lease.runId);
  }

  /** A claimed run that is executed. */
  async start(): Promise<Lease> {
    const [claimed] = await this.claim(1);
    if (!claimed) {
      throw new Error('Nothing could be claimed');
    }
    await this.queue.markRunning(claimed.lease, {});
    return claimed.lease;
  }

  /** Lets every lease end long ago. */
  async expireLeases(): Promise<void> {
    await this.knex('runs')
      .whereNotNull('lease_token')
      .update({
        lease_expires_at: this.knex.raw(`now() - interval '1 hour'`),
      });
  }

  async stateOf(runId: string): Promise<RunState> {
    return (await this.row(runId)).state;
  }

  async row(runId: string) {
    return this.knex('runs').where({ id: runId }).first();
  }

  /** What happened to the run, in order. */
  async eventsOf(runId: string) {
    const events = await this.knex('run_events')
      .where({ run_id: runId })
      .orderBy('seq');
    return events.map(({ name, actor }) => `${name} by ${actor}`);
  }

  /** Active runs by the key of their limit. */
  async active(): Promise<Record<string, number>> {
    const rows = await this.knex('queue_limits').orderBy('key');
    return Object.fromEntries(rows.map(({ key, active }) => [key, active]));
  }

  readonly logger = mockServices.logger.mock();
}

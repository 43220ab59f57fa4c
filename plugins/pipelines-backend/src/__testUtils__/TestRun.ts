import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidV7 } from 'uuid';
import type { Lease } from '../runs';

/** Pipeline of every {@link TestRun}. */
export const TEST_PIPELINE = 'tested';

/** A run in the database with an attempt that a worker of the test holds. */
export class TestRun {
  readonly id = uuidV7();
  lease: Lease;

  private constructor(private readonly knex: Knex) {
    this.lease = this.#newLease(1);
  }

  static async create(knex: Knex): Promise<TestRun> {
    await knex('pipelines')
      .insert({ id: TEST_PIPELINE, title: 'Tested', engine: 'process' })
      .onConflict('id')
      .ignore();
    const run = new TestRun(knex);
    await knex('runs').insert({
      id: run.id,
      pipeline_id: TEST_PIPELINE,
      trigger: 'manual',
      state: 'running',
      title: 'Tested',
      submitted_by: 'user:default/guest',
      attempt: 1,
      ...run.#leaseColumns(),
    });
    await run.#insertAttempt();
    return run;
  }

  /** The attempt ends, and the run with it when it has ended in a terminal state. */
  async end(state: 'succeeded' | 'failed' = 'succeeded'): Promise<void> {
    await this.#endAttempt(state);
    await this.knex('runs').where({ id: this.id }).update({
      state,
      finished_at: this.knex.fn.now(),
      lease_token: null,
      lease_owner: null,
      lease_expires_at: null,
    });
  }

  /** The attempt fails and another worker begins the next one. */
  async retry(): Promise<void> {
    await this.#endAttempt('failed');
    this.lease = this.#newLease(this.lease.attempt + 1);
    await this.knex('runs')
      .where({ id: this.id })
      .update({ attempt: this.lease.attempt, ...this.#leaseColumns() });
    await this.#insertAttempt();
  }

  async #endAttempt(state: string): Promise<void> {
    await this.knex('run_attempts')
      .where({ run_id: this.id, attempt: this.lease.attempt })
      .update({ state, finished_at: this.knex.fn.now(), lease_token: null });
  }

  async #insertAttempt(): Promise<void> {
    await this.knex('run_attempts').insert({
      run_id: this.id,
      attempt: this.lease.attempt,
      state: 'running',
      lease_token: this.lease.token,
      worker_id: 'test',
      host: 'test',
      boot_id: 'test',
    });
  }

  #newLease(attempt: number): Lease {
    const token = randomUUID();
    return { runId: this.id, pipelineId: TEST_PIPELINE, attempt, token };
  }

  #leaseColumns() {
    return {
      lease_token: this.lease.token,
      lease_owner: 'test',
      lease_expires_at: this.knex.raw(`now() + interval '1 hour'`),
      heartbeat_at: this.knex.fn.now(),
    };
  }
}

/** One raw line; a string is its bytes in UTF-8. */
export function rawLine(
  bytes: string | Uint8Array,
  stream: RawLogLine['stream'] = 'stdout',
): RawLogLine {
  return {
    stream,
    bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
  };
}

/** Everything that the iterable gives, as one buffer. */
export async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

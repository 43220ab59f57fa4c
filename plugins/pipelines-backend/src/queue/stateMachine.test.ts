import {
  isTerminalRunState,
  RUN_TRANSITIONS,
  type RunState,
} from '@millrace/backstage-plugin-pipelines-common';
import fc from 'fast-check';
import { LeaseLostError, RunsService, type Lease } from '../runs';
import { createTestDefinitions, TestDatabase } from '../__testUtils__';
import { DatabaseRunQueue } from './DatabaseRunQueue';
import { QueueService } from './QueueService';

const PIPELINES = ['once', 'thrice'];
const FREEZABLE = { cancel: true, pause: true, logs: true, artifacts: true };
const TIME_LIMIT_MS = 12_000;

type Operation =
  | { kind: 'submit'; pipeline: string }
  | { kind: 'claim' | 'expire' | 'sweep' | 'adopt'; worker: number }
  | {
      kind: 'start' | 'release' | 'renew' | 'confirm' | 'unfreezable';
      worker: number;
      pick: number;
    }
  | {
      kind: 'finish';
      worker: number;
      pick: number;
      exitCode: number;
      stopped: boolean;
      cause?: 'timeout' | 'stop' | 'lease' | 'spawn';
    }
  | { kind: 'cancel'; pick: number; force: boolean }
  | { kind: 'pause' | 'resume' | 'hurry'; pick: number };

const worker = fc.nat(2);
const pick = fc.nat(20);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('submit' as const),
    pipeline: fc.constantFrom(...PIPELINES),
  }),
  fc.record({
    kind: fc.constantFrom('claim', 'claim', 'expire', 'sweep', 'adopt'),
    worker,
  }),
  fc.record({
    kind: fc.constantFrom(
      'start',
      'start',
      'release',
      'renew',
      'confirm',
      'confirm',
      'unfreezable',
    ),
    worker,
    pick,
  }),
  fc.record({
    kind: fc.constant('finish' as const),
    worker,
    pick,
    exitCode: fc.nat(1),
    stopped: fc.boolean(),
    cause: fc.constantFrom(
      undefined,
      'timeout' as const,
      'stop' as const,
      'lease' as const,
      'spawn' as const,
    ),
  }),
  fc.record({
    kind: fc.constantFrom('pause', 'pause', 'resume', 'hurry'),
    pick,
  }),
  fc.record({
    kind: fc.constant('cancel' as const),
    pick,
    force: fc.boolean(),
  }),
) as fc.Arbitrary<Operation>;

/** Errors that a client may get without anything being wrong. */
const EXPECTED_ERRORS = ['LeaseLostError', 'ConflictError'];

describe('the state machine of runs', () => {
  let database: TestDatabase;
  let runs: RunsService;
  let queue: DatabaseRunQueue;
  let service: QueueService;
  let runIds: string[];
  let leases: Lease[][];

  beforeAll(async () => {
    database = await TestDatabase.create();
    const definitions = await createTestDefinitions(database.knex, [
      { id: 'once', capabilities: FREEZABLE, concurrency: { limit: 2 } },
      { id: 'thrice', capabilities: FREEZABLE, maxAttempts: 3 },
    ]);
    runs = new RunsService({ knex: database.knex, definitions });
    queue = new DatabaseRunQueue({ knex: database.knex, definitions });
    service = new QueueService({ knex: database.knex, definitions });
    await service.syncLimits({ pipelines: definitions.list() });
  });
  afterAll(async () => {
    await queue.close();
    await database.drop();
  });

  const identity = (index: number) => ({
    id: `w${index}`,
    host: `host-${index % 2}`,
    bootId: 'boot',
  });

  async function perform(op: Operation): Promise<void> {
    switch (op.kind) {
      case 'submit': {
        const { id } = await runs.submitRun({
          request: { pipelineId: op.pipeline, parameters: {} },
          actor: 'user:default/a',
          trigger: 'manual',
        });
        runIds.push(id);
        return;
      }
      case 'claim': {
        const claimed = await queue.claim({
          worker: identity(op.worker),
          pipelineIds: PIPELINES,
          limit: 2,
        });
        leases[op.worker].push(...claimed.map(({ lease }) => lease));
        return;
      }
      case 'adopt': {
        const adopted = await queue.adopt({
          worker: identity(op.worker),
          deadWorkerIds: [identity((op.worker + 2) % 4).id],
          heldTokens: leases[op.worker].map(({ token }) => token),
          pipelineIds: PIPELINES,
          limit: 2,
        });
        leases[op.worker].push(...adopted.map(({ lease }) => lease));
        return;
      }
      case 'expire':
        await database
          .knex('runs')
          .where({ lease_owner: identity(op.worker).id })
          .whereNotNull('lease_token')
          .update({
            lease_expires_at: database.knex.raw(`now() - interval '1 hour'`),
          });
        return;
      case 'sweep':
        await queue.sweep();
        return;
      case 'cancel': {
        const runId = runIds[op.pick % Math.max(1, runIds.length)];
        if (runId) {
          await queue.requestCancel({ runId, by: 'user:x', force: op.force });
        }
        return;
      }
      case 'pause':
      case 'resume':
      case 'hurry': {
        const runId = runIds[op.pick % Math.max(1, runIds.length)];
        if (runId) {
          await performOnRun(op.kind, runId);
        }
        return;
      }
      default: {
        // Stale leases stay in the list, so that writes with old tokens are tried as well.
        const held = leases[op.worker];
        const lease = held[op.pick % Math.max(1, held.length)];
        if (lease) {
          await performLeased(op, lease);
        }
      }
    }
  }

  async function performOnRun(
    kind: 'pause' | 'resume' | 'hurry',
    runId: string,
  ): Promise<void> {
    if (kind === 'hurry') {
      await database.knex('runs').where({ id: runId }).increment('priority');
    } else if (kind === 'pause') {
      await queue.requestPause({ runId, by: 'user:x' });
    } else {
      await queue.requestResume({ runId, by: 'user:x' });
    }
  }

  async function performLeased(
    op: Operation & {
      kind:
        | 'start'
        | 'release'
        | 'renew'
        | 'finish'
        | 'confirm'
        | 'unfreezable';
    },
    lease: Lease,
  ): Promise<void> {
    switch (op.kind) {
      case 'start':
        await queue.markRunning(lease, {});
        return;
      case 'release':
        await queue.release(lease);
        return;
      case 'confirm':
        await queue.markPaused(lease);
        return;
      case 'unfreezable':
        await queue.pauseFailed(lease, 'x');
        return;
      case 'renew':
        await queue.renew({
          workerId: identity(op.worker).id,
          leases: [lease],
        });
        return;
      default:
        await queue.finish(lease, {
          end: {
            kind: 'exited',
            exitCode: op.exitCode,
            stopped: op.stopped,
          },
          cause: op.cause,
        });
    }
  }

  async function assertInvariants(): Promise<void> {
    const events = await database
      .knex('run_events')
      .where({ kind: 'transition' })
      .orderBy(['run_id', 'seq']);
    const last = new Map<string, RunState>();
    for (const event of events) {
      const before = last.get(event.run_id);
      if (before) {
        expect(event.from_state).toBe(before);
        expect(RUN_TRANSITIONS[before]).toContain(event.to_state);
      }
      last.set(event.run_id, event.to_state);
    }
    expect(await service.recountLimits()).toBe(0);
    const rows = await database.knex('runs').select();
    for (const row of rows) {
      expect(last.get(row.id)).toBe(row.state);
      expect(isTerminalRunState(row.state)).toBe(row.finished_at !== null);
      expect(row.paused_at !== null).toBe(row.state === 'paused');
      const attempts = await database
        .knex('run_attempts')
        .where({ run_id: row.id })
        .orderBy('attempt');
      expect(attempts.map(item => item.attempt)).toEqual(
        attempts.map((_, index) => index + 1),
      );
      expect(attempts).toHaveLength(row.attempt);
      expect(attempts.filter(item => item.lease_token !== null)).toHaveLength(
        row.lease_token === null ? 0 : 1,
      );
      const counted = attempts.filter(item => item.state !== 'released');
      expect(counted.length).toBeLessThanOrEqual(
        row.pipeline_id === 'once' ? 1 : 3 + attempts.length - counted.length,
      );
    }
  }

  async function endEverything(): Promise<void> {
    for (const runId of runIds) {
      await queue.requestCancel({ runId, by: 'user:x' }).catch(() => {});
    }
    await database
      .knex('runs')
      .whereNotNull('lease_token')
      .update({
        lease_expires_at: database.knex.raw(`now() - interval '1 hour'`),
      });
    await queue.sweep();
    const open = await database.knex('runs').whereNull('finished_at');
    expect(open).toEqual([]);
  }

  it('has no illegal edge, whatever three workers and their users do at once', async () => {
    const checked = fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(operation, { maxLength: 12 }), {
          minLength: 2,
          maxLength: 4,
        }),
        async clients => {
          await database.knex('runs').delete();
          await database.knex('run_events').delete();
          runIds = [];
          leases = [[], [], []];
          await perform({ kind: 'submit', pipeline: 'once' });
          await perform({ kind: 'submit', pipeline: 'thrice' });
          await Promise.all(
            clients.map(async operations => {
              for (const op of operations) {
                await perform(op).catch(error => {
                  if (
                    !(error instanceof LeaseLostError) &&
                    !EXPECTED_ERRORS.includes(error.name)
                  ) {
                    throw error;
                  }
                });
              }
            }),
          );
          await assertInvariants();
          await endEverything();
          await assertInvariants();
        },
      ),
      { numRuns: 2_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
    await expect(checked).resolves.toBeUndefined();
  }, 60_000);
});

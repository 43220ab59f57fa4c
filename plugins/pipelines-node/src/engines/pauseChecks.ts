import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineAttempt } from './Engine';
import type { EngineCheck } from './engineChecks';
import type { EngineTrial } from './EngineTrial';
import { leaseOfOldAge, OLD_LEASE_PATIENCE_MS } from './leaseChecks';

/** Something that ticks every 50 ms and says nothing for so long stands still. */
const SILENCE_MS = 500;

/** An attempt that ticks, of an engine that declares that it can let it stand still. */
async function startTicking(trial: EngineTrial, leasedAt?: number) {
  const { attempt, sink } = await trial.start('ticks', { leasedAt });
  await trial.until('It ticks', () => sink.lines > 0);
  return { attempt, sink };
}

async function setPaused(attempt: EngineAttempt, paused: boolean) {
  assert.ok(attempt.setPaused, 'it declares pause, but has no setPaused');
  await attempt.setPaused(paused);
}

/** What was said before the pause may still arrive; then nothing does. */
async function assertStandsStill(
  { patienceMs }: EngineTrial,
  sink: { lines: number },
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let lines = -1; lines !== sink.lines; ) {
    assert.ok(performance.now() < until, 'it goes on though it is paused');
    lines = sink.lines;
    await sleep(SILENCE_MS);
  }
}

function assertStopped(end: object): void {
  assert.ok('stopped' in end && end.stopped, JSON.stringify(end));
}

const PAUSING_CHECKS: readonly EngineCheck[] = [
  {
    title: 'stands still while it is paused, and goes on afterwards',
    async check(trial) {
      const { attempt, sink } = await startTicking(trial);
      for (let round = 0; round < 2; round++) {
        await setPaused(attempt, true);
        await assertStandsStill(trial, sink);
        const { lines } = sink;
        await setPaused(attempt, false);
        await trial.until(
          'It goes on after the pause',
          () => sink.lines > lines + 1,
        );
      }
      attempt.cancel({ force: true });
      await trial.endOf(attempt);
    },
  },
  {
    title: 'takes a pause for granted that it is in already',
    async check(trial) {
      const { attempt, sink } = await startTicking(trial);
      await setPaused(attempt, false);
      await setPaused(attempt, true);
      await setPaused(attempt, true);
      await assertStandsStill(trial, sink);
      attempt.cancel({ force: true });
      await trial.endOf(attempt);
    },
  },
  {
    title: 'ends when it is cancelled while it is paused, politely',
    async check(trial) {
      const { attempt } = await startTicking(trial);
      await setPaused(attempt, true);
      attempt.cancel({ force: false });
      assertStopped(await trial.endOf(attempt));
    },
  },
  {
    title: 'ends when it is cancelled while it is paused, by force',
    async check(trial) {
      const { attempt } = await startTicking(trial);
      await setPaused(attempt, true);
      attempt.cancel({ force: true });
      assertStopped(await trial.endOf(attempt));
    },
  },
  {
    title: 'ends when its lease is not renewed while it is paused',
    async check(trial) {
      const { attempt } = await startTicking(trial, leaseOfOldAge());
      await setPaused(attempt, true);
      const end = await trial.endOf(attempt, OLD_LEASE_PATIENCE_MS);
      assert.equal(end.kind, 'lost');
    },
  },
];

/** What engines promise about pauses. */
export const PAUSE_CHECKS: readonly EngineCheck[] = [
  {
    title: 'can be paused only where it says so',
    async check(trial) {
      const { attempt } = await trial.start('runsUntilCancelled');
      attempt.cancel({ force: true });
      await trial.endOf(attempt);
      assert.equal(
        attempt.setPaused !== undefined,
        trial.engine.capabilities.pause,
        'capabilities.pause and setPaused say different things',
      );
    },
  },
  ...PAUSING_CHECKS.map(({ title, check }) => ({
    title,
    async check(trial: EngineTrial) {
      if (trial.engine.capabilities.pause) {
        await check(trial);
      }
    },
  })),
];

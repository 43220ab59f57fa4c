import type { FakeBackend } from './FakeBackend';
import { runFactory } from './runFactory';

const TICK_MS = 2_000;
const PROGRESS_PER_TICK = 0.015;
const NEW_RUN_EVERY_TICKS = 20;
const SOMEBODY_SAVES_AT_TICK = 15;

/** Lets runs progress, end and arrive, so that live pages have something to show. */
export function letTimePass(backend: FakeBackend): void {
  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    for (const run of backend.runs) {
      if (run.state === 'running') {
        const progress = (run.progress ?? 0) + PROGRESS_PER_TICK;
        backend.update(
          run.id,
          progress < 1
            ? {
                progress,
                progressMessage: `${Math.round(progress * 338)} of 338 records`,
              }
            : {
                state: 'succeeded',
                progress: 1,
                finishedAt: new Date().toISOString(),
              },
        );
      } else if (
        run.state === 'cancelling' &&
        ticks * TICK_MS > run.stopGraceSeconds * 1_000
      ) {
        backend.update(run.id, {
          state: 'cancelled',
          finishedAt: new Date().toISOString(),
        });
      }
    }
    if (ticks === SOMEBODY_SAVES_AT_TICK) {
      backend.settings.save(
        'ingest-meetings',
        { concurrency: { limit: 3 }, timeoutSeconds: 2_400 },
        { author: 'user:default/mateo', note: 'Shorter now' },
      );
    }
    if (ticks % NEW_RUN_EVERY_TICKS === 0) {
      backend.add(
        runFactory.queued({
          ageMs: 0,
          trigger: 'api',
          submittedBy: 'service:external:cron',
        }),
      );
    }
  }, TICK_MS);
}

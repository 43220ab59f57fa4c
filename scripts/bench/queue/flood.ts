import {
  startBackendOnly,
  until,
  type PortalApi,
  type TestPostgres,
} from '../../../tests/harness/index.ts';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { distributionOf, printGoal, printRow } from '../lib/measure.ts';

const API = '/api/pipelines';
const LINES_PER_SECOND = 100_000;
const SECONDS = 10;
const LINES = LINES_PER_SECOND * SECONDS;
const LINE_BYTES = 100;
const MEMORY_GOAL_MIB = 150;
const PAGE_GOAL_MS = 200;
const REQUEST_EVERY_MS = 100;
const FLOOD_TIMEOUT_MS = 180_000;
const TICK_MS = 10;

/** Writes lines at a steady rate, each with its number, and waits for the pipe when it must. */
const FLOOD = `
const fs = require('node:fs');
let n = 0;
const started = Date.now();
const rest = 'x'.repeat(${LINE_BYTES - 9});
(function more() {
  const due = Math.min(${LINES}, Math.floor((Date.now() - started) * ${
  LINES_PER_SECOND / 1000
}));
  let text = '';
  while (n < due) { text += String(n++).padStart(8, '0') + rest + '\\n'; }
  const next = () => (n < ${LINES} ? setTimeout(more, ${TICK_MS}) : undefined);
  if (text && !process.stdout.write(text)) process.stdout.once('drain', next); else next();
})();`;

/** A run that writes 100,000 lines per second, while others read the queue and the runs. */
export async function measureFlood(postgres: TestPostgres): Promise<void> {
  const portal = await startBackendOnly({
    postgres,
    configOverrides: {
      pipelines: {
        definitions: {
          flood: {
            command: ['node', '-e', FLOOD],
            owner: 'group:default/web-platform',
          },
        },
      },
    },
  });
  try {
    const api = await portal.apiAs();
    await sleep(5_000);
    const idle = memoryOf(portal.pid);
    const startedAt = performance.now();
    const { id } = await api.post<{ id: string }>(`${API}/runs`, {
      pipelineId: 'flood',
    });
    let peak = idle;
    const times = { queue: [] as number[], runs: [] as number[] };
    let state = '';
    await until(
      async () => {
        peak = Math.max(peak, memoryOf(portal.pid));
        await time(api, '/queue', times.queue);
        await time(api, '/runs', times.runs);
        await sleep(REQUEST_EVERY_MS);
        ({ state } = await api.json<{ state: string }>(`${API}/runs/${id}`));
        return ['succeeded', 'failed', 'lost'].includes(state);
      },
      { what: 'the flood to end', timeoutMs: FLOOD_TIMEOUT_MS },
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    await report({ api, id, state, seconds, grown: peak - idle, times });
  } finally {
    await portal.stop();
  }
}

async function report(found: {
  api: PortalApi;
  id: string;
  state: string;
  seconds: number;
  grown: number;
  times: { queue: number[]; runs: number[] };
}): Promise<void> {
  const { api, id, state, seconds, grown, times } = found;
  console.log(
    `\n${LINES} lines of ${LINE_BYTES} bytes at ${LINES_PER_SECOND}/s, to the end of the run`,
  );
  const answer = await api.fetch(`${API}/runs/${id}/logs/raw`);
  const raw = await answer.text();
  const lines = raw.split('\n').slice(0, -1);
  const wrong = lines.filter((line, n) => Number(line.slice(0, 8)) !== n);
  console.log(
    `  ${(lines.length / seconds).toFixed(0)} lines/s stored, ${seconds.toFixed(
      1,
    )} s, the run ${state}`,
  );
  printGoal(
    'every line once and in order',
    `${lines.length} of ${LINES}, ${wrong.length} out of place`,
    lines.length === LINES && wrong.length === 0,
  );
  printGoal(
    `memory at most ${MEMORY_GOAL_MIB} MiB over idle`,
    `+${grown.toFixed(0)} MiB`,
    grown <= MEMORY_GOAL_MIB,
  );
  for (const [name, values] of Object.entries(times)) {
    printRow(`GET /${name} meanwhile`, values);
    const { p95 } = distributionOf(values);
    printGoal(
      `p95 under ${PAGE_GOAL_MS} ms`,
      `${p95.toFixed(0)} ms`,
      p95 < PAGE_GOAL_MS,
    );
  }
}

async function time(
  api: PortalApi,
  path: string,
  into: number[],
): Promise<void> {
  const startedAt = performance.now();
  await api.json(`${API}${path}`);
  into.push(performance.now() - startedAt);
}

/** Resident memory of a process, in MiB. */
function memoryOf(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

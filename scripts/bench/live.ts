import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  startBackendOnly,
  startPostgres,
  until,
  type PortalApi,
} from '../../tests/harness/index.ts';
import { printGoal, printRow, distributionOf } from './lib/measure.ts';

export const description =
  'Submit to spawn, cancel to SIGTERM, and log line to 50 streams';

const SUBMITS = 60;
const CANCELS = 30;
const VIEWERS = 50;
/** What the last run leaves to be done must not be measured with the next one. */
const PAUSE_MS = 300;
const LINES = 100;
const LINE_EVERY_MS = 100;
const SPAWN_GOAL_MS = 50;
const CANCEL_GOAL_MS = 300;
const LINE_GOAL_MS = 400;

const NOW = 'date +%s%N';
const SPAWN = ['sh', '-c', NOW];
const CANCEL = [
  'sh',
  '-c',
  `trap '${NOW}; exit 143' TERM; echo ready; while :; do sleep 0.01; done`,
];
const TICK = [
  'node',
  '-e',
  `let n = 0; const t = setInterval(() => { console.log(Date.now()); if (++n === ${LINES}) clearInterval(t); }, ${LINE_EVERY_MS});`,
];

interface Line {
  text: string;
}

/** Takes no arguments. */
export async function run(): Promise<void> {
  const postgres = await startPostgres();
  const definitions = Object.fromEntries(
    Object.entries({ SPAWN, CANCEL, TICK }).map(([name, command]) => [
      `bench-${name.toLowerCase()}`,
      { command, owner: 'group:default/web-platform' },
    ]),
  );
  const portal = await startBackendOnly({
    postgres,
    configOverrides: { pipelines: { definitions } },
  });
  try {
    const api = await portal.apiAs();
    await measureSpawn(api);
    await measureCancel(api);
    await measureStreams(api, portal.url);
  } finally {
    await portal.stop();
    await postgres.stop();
  }
}

async function measureSpawn(api: PortalApi): Promise<void> {
  const submitted: number[] = [];
  const direct: number[] = [];
  for (let i = 0; i < SUBMITS; i++) {
    direct.push(await spawnDirectly());
    const sentAt = epochMs();
    const runId = await submit(api, 'bench-spawn');
    // To ask at once would take of the time that is measured.
    await sleep(PAUSE_MS);
    await ended(api, runId);
    submitted.push(timeIn(await logOf(api, runId)) - sentAt);
    await sleep(PAUSE_MS);
  }
  console.log('\nSubmit (request sent) to spawn (first word of the process)');
  printRow('direct spawn of the same command', direct);
  printRow('submit to spawn', submitted.slice(1));
  const { p95 } = distributionOf(submitted.slice(1));
  const ratio = p95 / distributionOf(direct).p95;
  printGoal(
    `p95 at most ${SPAWN_GOAL_MS} ms`,
    `${p95.toFixed(1)} ms, ${ratio.toFixed(1)} times a direct spawn`,
    p95 <= SPAWN_GOAL_MS,
  );
}

/** The same clock and command without us, as the bound of what is possible. */
async function spawnDirectly(): Promise<number> {
  const startedAt = epochMs();
  const child = spawn(SPAWN[0]!, SPAWN.slice(1));
  let text = '';
  child.stdout.on('data', data => {
    text += data;
  });
  await once(child, 'close');
  return Number(text) / 1e6 - startedAt;
}

async function measureCancel(api: PortalApi): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < CANCELS; i++) {
    const runId = await submit(api, 'bench-cancel');
    await until(async () => (await logOf(api, runId)).length > 0, {
      what: 'the process to be ready',
    });
    const sentAt = epochMs();
    await api.post(`/api/pipelines/runs/${runId}/cancel`, {});
    await ended(api, runId);
    times.push(timeIn(await logOf(api, runId)) - sentAt);
  }
  console.log('\nCancel (request sent) to SIGTERM (seen by the process)');
  printRow('cancel to SIGTERM', times);
  const { p95 } = distributionOf(times);
  printGoal(
    `p95 at most ${CANCEL_GOAL_MS} ms`,
    `${p95.toFixed(1)} ms`,
    p95 <= CANCEL_GOAL_MS,
  );
}

async function measureStreams(api: PortalApi, url: string): Promise<void> {
  const runId = await submit(api, 'bench-tick');
  const streams = await Promise.all(
    Array.from({ length: VIEWERS }, () => readStream(api, url, runId)),
  );
  console.log(
    `\nLog line (written by the process) to ${VIEWERS} streams (read by the client)`,
  );
  const received = streams.map(times => times.length);
  printRow('line to client', streams.flat());
  const { p95 } = distributionOf(streams.flat());
  printGoal(
    `p95 at most ${LINE_GOAL_MS} ms`,
    `${p95.toFixed(1)} ms`,
    p95 <= LINE_GOAL_MS,
  );
  printGoal(
    `every stream has every line once`,
    `${Math.min(...received)} to ${Math.max(...received)} of ${LINES}`,
    received.every(count => count === LINES),
  );
}

/** Follows a run to its end and says how old each line was when it came. */
async function readStream(
  api: PortalApi,
  url: string,
  runId: string,
): Promise<number[]> {
  const response = await fetch(`${url}/api/pipelines/runs/${runId}/stream`, {
    headers: { authorization: `Bearer ${api.token}` },
  });
  const ages: number[] = [];
  let open = '';
  for await (const chunk of response.body!.pipeThrough(
    new TextDecoderStream(),
  )) {
    open += chunk;
    const events = open.split('\n\n');
    open = events.pop()!;
    for (const event of events.filter(text => text.includes('event: log'))) {
      const data = /^data: (.*)$/m.exec(event)![1]!;
      const { lines } = JSON.parse(data) as { lines: Line[] };
      ages.push(...lines.map(({ text }) => Date.now() - Number(text)));
    }
  }
  return ages;
}

async function submit(api: PortalApi, pipelineId: string): Promise<string> {
  const { id } = await api.post<{ id: string }>('/api/pipelines/runs', {
    pipelineId,
  });
  return id;
}

async function ended(api: PortalApi, runId: string): Promise<void> {
  await until(
    async () =>
      Boolean(
        (
          await api.json<{ finishedAt?: string }>(
            `/api/pipelines/runs/${runId}`,
          )
        ).finishedAt,
      ),
    { what: `run ${runId} to end` },
  );
}

async function logOf(api: PortalApi, runId: string): Promise<Line[]> {
  return (
    await api.json<{ lines: Line[] }>(`/api/pipelines/runs/${runId}/logs`)
  ).lines;
}

/** The time that the last line of a log says, in ms since the epoch. */
function timeIn(lines: Line[]): number {
  return Number(lines.at(-1)!.text) / 1e6;
}

function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

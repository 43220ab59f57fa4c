import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from '../lib/paths.ts';
import type { Databases } from '../lib/databases.ts';
import { type PortalApi, signInAs } from '../lib/portalApi.ts';
import {
  generateHistory,
  hasGeneratedRuns,
  type HistoryPipeline,
} from './history.ts';

const MARKER = 'demo-seeded.json';
const SAMPLE = 'examples/ingest-meetings/samples/meetings.json';
const CLIP_SECONDS = 15;
const HISTORY_RUNS = 400;
const HISTORY_DAYS = 30;

const HISTORY: HistoryPipeline[] = [
  { id: 'ingest-meetings', typicalSeconds: 20, successRate: 0.93 },
  { id: 'transcode', typicalSeconds: 150, successRate: 0.9 },
  { id: 'nightly-report', typicalSeconds: 4, successRate: 0.97 },
];

/** Where the demo runs are submitted, see `seedDemo`. */
export interface SeedDemoOptions {
  port: number;
  dataDirectory: string;
  databases: Databases;
}

interface DemoRun {
  /** Part of the idempotency key. */
  name: string;
  pipelineId: string;
  parameters: Record<string, unknown>;
}

/**
 * Makes what a first look at the portal should find: a month of generated history
 * and real runs, submitted through the API as the demo user. Later starts do
 * nothing.
 *
 * @remarks
 * A portal without them works, so what goes wrong here is only said.
 */
export async function seedDemo(options: SeedDemoOptions): Promise<void> {
  const marker = path.join(options.dataDirectory, MARKER);
  if (fs.existsSync(marker)) {
    return;
  }
  try {
    const api = await signInAs(`http://127.0.0.1:${options.port}`);
    const runs = demoRuns();
    await seedHistory(options.databases);
    const ids: Record<string, string> = {};
    for (const run of runs) {
      ids[run.name] = await submit(api, run);
    }
    fs.writeFileSync(marker, `${JSON.stringify(ids, null, 2)}\n`);
    console.log(
      `  Submitted ${runs.length} demo runs, after ${HISTORY_RUNS} generated ones of the past.`,
    );
  } catch (error) {
    console.log(
      `  ! The demo runs were not submitted (${
        (error as Error).message
      }). The next start tries again.`,
    );
  }
}

/** Once per database, also when submitting failed and is tried again. */
async function seedHistory({ portal }: Databases): Promise<void> {
  const url = new URL(`postgresql://${portal.host}:${portal.port}`);
  url.username = portal.user;
  url.password = encodeURIComponent(portal.password);
  url.pathname = '/backstage_plugin_pipelines';
  if (!(await hasGeneratedRuns(url.toString()))) {
    await generateHistory({
      url: url.toString(),
      runs: HISTORY_RUNS,
      days: HISTORY_DAYS,
      pipelines: HISTORY,
    });
  }
}

async function submit(api: PortalApi, run: DemoRun): Promise<string> {
  const { id } = await api.post<{ id: string }>(
    '/api/pipelines/runs',
    {
      pipelineId: run.pipelineId,
      parameters: run.parameters,
      labels: { demo: 'first-start' },
    },
    { 'Idempotency-Key': `demo-${run.name}` },
  );
  return id;
}

function demoRuns(): DemoRun[] {
  return [
    {
      name: 'ingest',
      pipelineId: 'ingest-meetings',
      parameters: { url: pathToFileURL(inRoot(SAMPLE)).href },
    },
    { name: 'report', pipelineId: 'nightly-report', parameters: {} },
    { name: 'report-fail', pipelineId: 'nightly-report-fail', parameters: {} },
    {
      name: 'transcode',
      pipelineId: 'transcode',
      parameters: { profile: 'preview', durationSeconds: CLIP_SECONDS },
    },
  ];
}

import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { controlRuns } from './controlDemo';
import { runFactory, RunOverrides } from './runFactory';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const TRANSCODE: RunOverrides = {
  pipelineId: 'transcode',
  pipelineTitle: 'Transcode a video',
  title: 'Transcode for live_stream',
  owner: 'group:default/media',
  entity: 'component:default/video-studio',
  maxAttempts: 1,
  parameters: { profile: 'live_stream', seconds: 60 },
  submittedBy: 'user:default/mateo',
};

const REPORT: RunOverrides = {
  pipelineId: 'nightly-report',
  pipelineTitle: 'Nightly report',
  title: 'Nightly report',
  owner: 'group:default/web-platform',
  entity: 'component:default/reporting',
  maxAttempts: 2,
  parameters: {},
  trigger: 'schedule',
  submittedBy: 'schedule:nightly-report',
};

/** Two weeks of runs for the dev app, newest last. */
export function demoRuns(): RunDetail[] {
  return [...history(), ...recent(), ...controlRuns()];
}

function history(): RunDetail[] {
  const runs: RunDetail[] = [];
  for (let day = 13; day >= 1; day -= 1) {
    const ageMs = day * 24 * HOUR_MS;
    for (let index = 0; index < 3 + ((day * 5) % 7); index += 1) {
      const when = {
        ageMs: ageMs - index * 73 * MINUTE_MS,
        tookMs: 40_000 + ((day * 37 + index * 91) % 200) * 1_000,
      };
      const isBad = (day * 3 + index * 7) % 11 === 0;
      const base = [{}, TRANSCODE, REPORT][index % 3];
      runs.push(
        isBad
          ? runFactory.failed({
              ...base,
              ...when,
              attempt: base.maxAttempts ?? 3,
            })
          : runFactory.succeeded({ ...base, ...when }),
      );
    }
  }
  return runs;
}

function recent(): RunDetail[] {
  return [
    runFactory.succeeded({
      ageMs: 9 * HOUR_MS,
      tookMs: 132_000,
      trigger: 'schedule',
      submittedBy: 'schedule:ingest-meetings',
    }),
    runFactory.succeeded({ ...REPORT, ageMs: 8 * HOUR_MS, tookMs: 11_000 }),
    runFactory.failed({ ageMs: 5 * HOUR_MS, tookMs: 21_000 }),
    runFactory.lost({ ageMs: 4 * HOUR_MS, tookMs: 250_000 }),
    runFactory.timedOut({ ageMs: 3 * HOUR_MS }),
    runFactory.cancelled({ ...TRANSCODE, ageMs: 2 * HOUR_MS, tookMs: 14_000 }),
    runFactory.succeeded({
      ...TRANSCODE,
      ageMs: 70 * MINUTE_MS,
      tookMs: 65_000,
    }),
    runFactory.succeeded({
      ageMs: 41 * MINUTE_MS,
      tookMs: 118_000,
      waitedMs: 12_000,
    }),
    runFactory.failed({
      ...REPORT,
      ageMs: 18 * MINUTE_MS,
      tookMs: 4_200,
      attempt: 2,
      error: {
        kind: 'exit',
        message: 'It ended with exit code 28: disk /var/reports is full',
        exitCode: 28,
      },
    }),
    runFactory.running({ ageMs: 4 * MINUTE_MS }),
    runFactory.running({
      ...TRANSCODE,
      ageMs: 55_000,
      progress: 0.71,
      progressMessage: 'frame 1065 of 1500, 2.4×',
      currentStep: 'encode',
      metrics: [
        { name: 'speed', value: 2.4, at: new Date().toISOString() },
        { name: 'bitrate_kbps', value: 2_480, at: new Date().toISOString() },
      ],
    }),
    runFactory.cancelling({ ageMs: 90_000 }),
    runFactory.queued({
      ...TRANSCODE,
      ageMs: 30_000,
      title: 'Transcode for archive',
      parameters: { profile: 'archive', seconds: 60 },
    }),
    runFactory.queued({
      ageMs: 12_000,
      trigger: 'api',
      submittedBy: 'service:external:cron',
    }),
  ];
}

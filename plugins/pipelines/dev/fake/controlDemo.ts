import type {
  RunDetail,
  RunOutput,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakePipeline } from './pipelines';
import { runFactory, type RunOverrides } from './runFactory';

const MINUTE_MS = 60_000;

/** The pipeline of the dev app whose form has a field of every kind, and whose outputs are read best. */
export const INSIGHTS_ID = 'video-insights';

/** Its definition. */
export function insightsPipeline(): Partial<FakePipeline> & { id: string } {
  return {
    id: INSIGHTS_ID,
    title: 'Insights of a video',
    description:
      'Reads a transcript, finds its summary, insights and topics, and publishes them.',
    owner: 'group:default/media',
    entity: 'component:default/video-studio',
    version: '1.1.0',
    maxAttempts: 2,
    resumableSteps: true,
    parameters: {
      type: 'object',
      required: ['title', 'token'],
      properties: {
        title: { type: 'string', title: 'Title' },
        transcript: {
          type: 'string',
          title: 'Transcript',
          format: 'data-url',
          contentMediaType: 'text/vtt',
          description: 'A VTT or SRT file.',
        },
        recordedOn: { type: 'string', title: 'Recorded on', format: 'date' },
        publishAt: { type: 'string', title: 'Publish at', format: 'date-time' },
        language: {
          type: 'string',
          title: 'Language',
          enum: ['en', 'de', 'es'],
          default: 'en',
        },
        token: {
          type: 'string',
          title: 'Publishing token',
          writeOnly: true,
          description: 'Only the worker can read it.',
        },
        limits: {
          type: 'object',
          title: 'Limits',
          properties: {
            sentences: { type: 'integer', title: 'Sentences', default: 5 },
            topics: { type: 'integer', title: 'Topics', default: 12 },
          },
        },
        targets: {
          type: 'array',
          title: 'Targets',
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string', title: 'Name' },
              draft: { type: 'boolean', title: 'As a draft' },
            },
          },
        },
        tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
      },
    },
  };
}

const INSIGHTS: RunOverrides = {
  pipelineId: INSIGHTS_ID,
  pipelineTitle: 'Insights of a video',
  title: 'Insights of How queues work',
  owner: 'group:default/media',
  entity: 'component:default/video-studio',
  maxAttempts: 2,
  submittedBy: 'user:default/mateo',
  parameters: {
    title: 'How queues work',
    language: 'en',
    token: '••••',
    limits: { sentences: 5, topics: 12 },
    targets: [{ name: 'page', draft: false }],
    tags: ['queues'],
  },
};

/** Runs of the dev app that somebody has done something to, or that wait for something. */
export function controlRuns(): RunDetail[] {
  const failed = runFactory.failed({
    ...INSIGHTS,
    ageMs: 26 * MINUTE_MS,
    tookMs: 41_000,
    attempt: 2,
    resumableFrom: 'publish',
    error: {
      kind: 'exit',
      message: 'It ended with exit code 3: the page refused the token',
      step: 'publish',
      exitCode: 3,
    },
  });
  return [
    failed,
    runFactory.succeeded({
      ...INSIGHTS,
      ageMs: 24 * MINUTE_MS,
      tookMs: 63_000,
      trigger: 'retry',
      retryOf: failed.id,
      resumedFrom: 'publish',
      pausedMs: 21_000,
      summary: 'A queue is a table that several workers read at once.',
    }),
    runFactory.paused({ ageMs: 9 * MINUTE_MS }),
    runFactory.held({ title: 'Ingest the backlog of 2019' }),
    runFactory.queued({
      title: 'Ingest tomorrow',
      ageMs: 2 * MINUTE_MS,
      runAt: new Date(Date.now() + 50 * MINUTE_MS).toISOString(),
    }),
    runFactory.queued({
      title: 'Ingest after the others',
      ageMs: MINUTE_MS,
      waiting: { reason: 'pipeline-limit', active: 2, max: 2 },
    }),
    runFactory.lost({
      ageMs: 33 * MINUTE_MS,
      tookMs: 130_000,
      attempt: 3,
      quarantinedAt: new Date(Date.now() - 30 * MINUTE_MS).toISOString(),
    }),
    runFactory.running({
      ...INSIGHTS,
      title: 'Insights of a talk that cannot stand still',
      ageMs: 70_000,
      capabilities: { cancel: true, pause: false, logs: true, artifacts: true },
      pauseRequest: {
        at: new Date(Date.now() - 20_000).toISOString(),
        by: 'user:default/noor',
      },
    }),
  ];
}

const ANALYSIS = {
  title: 'How queues work',
  summary: [
    { at: 12.4, text: 'A queue is a table that several workers read at once.' },
    { at: 95.1, text: 'Skipping locked rows is what keeps them apart.' },
    { at: 340, text: 'A lease tells when a worker can be given up.' },
  ],
  insights: [
    {
      at: 121,
      kind: 'finding',
      text: 'It turned out that most waiting came from one saturated key.',
    },
    {
      at: 402,
      kind: 'recommendation',
      text: 'You should count attempts before you start them.',
    },
  ],
  topics: [
    { term: 'queue', weight: 1, count: 41 },
    { term: 'lease', weight: 0.71, count: 22 },
    { term: 'skip locked', weight: 0.52, count: 9 },
    { term: 'heartbeat', weight: 0.18, count: 6 },
  ],
  numbers: { durationSeconds: 1_260, words: 1_842, sentences: 133 },
};

const PUBLISHING = {
  targets: [
    {
      target: 'page',
      state: 'published',
      location: 'https://videos.example.org/how-queues-work',
    },
    {
      target: 'notes',
      state: 'published',
      location: 'notes/how-queues-work.md',
    },
    { target: 'data', state: 'failed', message: 'OSError: no space left' },
  ],
};

/** What such a run makes. */
export function insightsOutputs(run: RunDetail): RunOutput[] {
  const createdAt = run.finishedAt ?? run.queuedAt;
  const base = { attempt: run.attempt, createdAt };
  return [
    { ...base, name: 'analysis', json: ANALYSIS },
    { ...base, name: 'publishing', json: PUBLISHING },
    {
      ...base,
      name: 'summary',
      json: {
        words: 1_842,
        speakers: 2,
        language: 'en',
        warnings: [
          { cue: 14, text: 'overlaps with cue 13' },
          { cue: 77, text: 'has no end' },
        ],
      },
    },
  ];
}

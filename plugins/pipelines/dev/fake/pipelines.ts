import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import { insightsPipeline } from './controlDemo';

const capabilities = {
  cancel: true,
  pause: false,
  logs: true,
  artifacts: true,
};

/** A made up pipeline, as `GET /pipelines` answers it but without its runs. */
export type FakePipeline = Omit<Pipeline, 'active' | 'recentRuns'>;

/** Makes a pipeline without runs. */
export function makePipeline(
  overrides: Partial<FakePipeline> & { id: string },
): FakePipeline {
  return {
    title: overrides.id,
    engine: 'process',
    capabilities,
    parameters: { type: 'object', properties: {} },
    stopGraceSeconds: 10,
    maxAttempts: 1,
    resumableSteps: false,
    after: [],
    settingsRevision: 0,
    ...overrides,
  };
}

/** The pipelines of the dev app. */
export function demoPipelines(): FakePipeline[] {
  return [
    makePipeline({
      id: 'ingest-meetings',
      title: 'Ingest meeting summaries',
      description:
        'Reads a JSON array of meeting summaries, checks every record, and loads it into the archive.',
      owner: 'group:default/data-platform',
      entity: 'component:default/meeting-archive',
      version: '1.0.0',
      timeoutSeconds: 1_800,
      maxAttempts: 3,
      schedule: {
        cron: '0 6 * * *',
        timezone: 'Europe/Berlin',
        missed: 'once',
        enabled: true,
        nextAt: new Date(Date.now() + 5 * 3_600_000).toISOString(),
      },
      parameters: {
        type: 'object',
        required: ['url'],
        properties: {
          url: {
            type: 'string',
            format: 'uri',
            title: 'Source',
            description: 'An http, https or file URL of a JSON array.',
          },
          dryRun: {
            type: 'boolean',
            title: 'Check only',
            description: 'Reads and checks, and writes nothing.',
            default: false,
          },
        },
      },
    }),
    makePipeline({
      id: 'nightly-report',
      title: 'Nightly report',
      description:
        'A shell script that knows nothing of Millrace and reports on this machine.',
      owner: 'group:default/web-platform',
      entity: 'component:default/reporting',
      version: '1.0.0',
      maxAttempts: 2,
      schedule: {
        cron: '30 2 * * 1-5',
        timezone: 'UTC',
        missed: 'once',
        enabled: true,
        nextAt: new Date(Date.now() + 11 * 3_600_000).toISOString(),
      },
    }),
    makePipeline({
      id: 'transcode',
      title: 'Transcode a video',
      description:
        'Encodes a file, or a test clip that it makes, with ffmpeg, and keeps the result and a thumbnail.',
      owner: 'group:default/media',
      entity: 'component:default/video-studio',
      version: '2.1.0',
      timeoutSeconds: 3_600,
      parameters: {
        type: 'object',
        required: ['profile'],
        properties: {
          profile: {
            type: 'string',
            title: 'Profile',
            enum: ['live_stream', 'archive', 'preview'],
            default: 'live_stream',
          },
          seconds: {
            type: 'integer',
            title: 'Length of the test clip, seconds',
            minimum: 1,
            maximum: 600,
            default: 60,
          },
        },
      },
    }),
    makePipeline(insightsPipeline()),
    makePipeline({
      id: 'rebuild-search-index',
      title: 'Rebuild the search index',
      owner: 'group:default/data-platform',
      entity: 'component:default/meeting-archive',
    }),
  ];
}

import type {
  Backfill,
  PipelineTriggers,
} from '@millrace/backstage-plugin-pipelines-common';
import type { FakeBackend } from './FakeBackend';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';
import { runFactory } from './runFactory';

const DAY_MS = 86_400_000;
const MOST_STARTS = 1_000;

/** What starts pipelines by itself, in memory; a schedule starts once a day. */
export class FakeTriggers {
  /** By pipeline, beside what its definition says. */
  readonly more = new Map<string, Partial<PipelineTriggers>>();
  readonly #backend: FakeBackend;

  constructor(backend: FakeBackend) {
    this.#backend = backend;
  }

  routes(): FakeRoute[] {
    return [
      [/^GET \/pipelines\/([^/]+)\/triggers$/, (_, id) => this.#read(id)],
      [
        /^POST \/pipelines\/([^/]+)\/backfill$/,
        (request, id) => this.#backfill(request, id),
      ],
    ];
  }

  #read(id: string): PipelineTriggers {
    const { schedule, after } = this.#backend.pipeline(id);
    const first = Date.parse(schedule?.nextAt ?? new Date().toISOString());
    return {
      schedule: schedule && {
        ...schedule,
        next: schedule.enabled
          ? [0, 1, 2, 3, 4].map(day =>
              new Date(first + day * DAY_MS).toISOString(),
            )
          : [],
        servedUntil: new Date(first - DAY_MS).toISOString(),
      },
      watches: [],
      webhooks: [],
      after,
      starts: this.#backend.pipelines
        .filter(other => other.after.includes(id))
        .map(other => other.id),
      ...this.more.get(id),
    };
  }

  #backfill({ body = {} }: FakeRequest, id: string): Backfill {
    const pipeline = this.#backend.pipeline(id);
    const [from, to] = [Date.parse(`${body.from}`), Date.parse(`${body.to}`)];
    const first = Date.parse(pipeline.schedule?.nextAt ?? '');
    if (Number.isNaN(first)) {
      throw new FakeFailure(
        400,
        'InputError',
        `Pipeline '${id}' has no schedule, so there is nothing to fill`,
      );
    }
    if ((to - from) / DAY_MS > MOST_STARTS) {
      throw new FakeFailure(
        400,
        'InputError',
        `The range has more than ${MOST_STARTS} starts; choose a shorter one`,
      );
    }
    const offset = Math.ceil((from - first) / DAY_MS);
    const starts: Backfill['starts'] = [];
    for (let at = first + offset * DAY_MS; at < to; at += DAY_MS) {
      const run = this.#backend.runs.find(
        ({ pipelineId, trigger, runAt }) =>
          pipelineId === id &&
          trigger === 'schedule' &&
          Date.parse(runAt) === at,
      );
      starts.push({
        startAt: new Date(at).toISOString(),
        runId: run?.id,
        isNew: !run || body.again === true,
      });
    }
    if (!body.dryRun) {
      for (const start of starts.filter(({ isNew }) => isNew)) {
        const run = runFactory.queued({
          ageMs: 0,
          pipelineId: id,
          pipelineTitle: pipeline.title,
          title: pipeline.title,
          trigger: 'schedule',
          runAt: start.startAt,
        });
        this.#backend.add(run);
        start.runId = run.id;
      }
    }
    return { starts, count: starts.filter(({ isNew }) => isNew).length };
  }
}

/** Triggers of the dev app: a watched folder, a webhook and pipelines that follow each other. */
export function makeDemoTriggers(backend: FakeBackend): void {
  const run = backend.runs.find(({ pipelineId }) => pipelineId === 'transcode');
  const file = (path: string, minutes: number) => ({
    path,
    bytes: 18_874_368 + minutes * 7_919,
    modifiedAt: new Date(Date.now() - minutes * 60_000).toISOString(),
    seenAt: new Date(Date.now() - minutes * 60_000 + 12_000).toISOString(),
  });
  backend.triggers.more.set('transcode', {
    webhooks: [{ id: 'studio-upload' }],
    watches: [
      {
        id: 'inbox',
        folder: 'media/inbox',
        enabled: true,
        stableSeconds: 10,
        rules: [
          {
            glob: '**/*.{mp4,mov}',
            pipelineId: 'transcode',
            parameters: { profile: 'archive', input: '${{ file.path }}' },
            deleteInput: true,
          },
        ],
        files: [
          { ...file('lectures/week-12.mp4', 1), state: 'growing' },
          {
            ...file('lectures/week-11.mp4', 42),
            state: 'submitted',
            runId: run?.id,
          },
          {
            ...file('notes.txt', 60),
            state: 'unmatched',
          },
          {
            ...file('lectures/broken.mov', 95),
            state: 'refused',
            message: 'profile: must be equal to one of the allowed values',
          },
        ],
      },
      {
        id: 'dropbox',
        folder: 'media/dropbox',
        enabled: true,
        problem: "The folder 'media/dropbox' is not there",
        stableSeconds: 10,
        rules: [
          {
            glob: '*.mkv',
            pipelineId: 'transcode',
            parameters: {},
            deleteInput: false,
          },
        ],
        files: [],
      },
    ],
  });
}

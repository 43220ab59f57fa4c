import type {
  FailureDetail,
  RunFailureResponse,
} from '@millrace/backstage-plugin-pipelines-common';
import { FakeFailure, type FakeRequest, type FakeRoute } from './FakeRoute';

const ME = 'user:default/guest';

/** A failure as it can be; `fields` say what is special about it. */
export function makeFailure(
  fields: Partial<FailureDetail> = {},
): FailureDetail {
  const now = Date.now();
  const at = (minutes: number) =>
    new Date(now - minutes * 60_000).toISOString();
  return {
    fingerprint: '00112233aabbccdd',
    state: 'unresolved',
    kind: 'exit',
    step: 'load',
    template: 'Row <number> has no date',
    firstSeenAt: at(3 * 24 * 60),
    lastSeenAt: at(12),
    occurrences: 14,
    totalOccurrences: 20,
    pipelines: [
      {
        id: 'ingest-meetings',
        title: 'Ingest meeting summaries',
        owner: 'group:default/data-platform',
        occurrences: 14,
        lastSeenAt: at(12),
      },
    ],
    pipelineCount: 1,
    activity: {
      from: at(7 * 24 * 60),
      hours: 24,
      counts: [0, 0, 3, 1, 0, 8, 2],
    },
    lastRun: {
      id: '019a0000-0000-7000-8000-000000000001',
      pipelineId: 'ingest-meetings',
      title: 'Ingest 2024',
      message: 'Row 81 has no date',
      at: at(12),
    },
    history: [],
    isControllable: true,
    ...fields,
  };
}

/** The failures of the fake backend. */
export class FakeFailures {
  readonly items: FailureDetail[] = [];

  routes(): FakeRoute[] {
    return [
      [/^GET \/failures$/, ({ query }) => ({ items: this.#list(query) })],
      [/^GET \/runs\/([^/]+)\/failure$/, (_, id) => this.#ofRun(id)],
      [/^GET \/failures\/([^/]+)$/, (_, id) => this.#read(id)],
      [
        /^POST \/failures\/([^/]+)\/resolve$/,
        (request, id) => this.#change(id, 'resolved', request),
      ],
      [
        /^POST \/failures\/([^/]+)\/ignore$/,
        (request, id) => this.#change(id, 'ignored', request),
      ],
      [
        /^POST \/failures\/([^/]+)\/unresolve$/,
        (request, id) => this.#change(id, 'unresolved', request),
      ],
    ];
  }

  #list(query: URLSearchParams): FailureDetail[] {
    const states = query.get('state')?.split(',');
    const kinds = query.get('kind')?.split(',');
    const owners = query.get('owner')?.split(',');
    const text = (query.get('q') ?? '').toLowerCase();
    return this.items.filter(
      ({ state, kind, pipelines, template, step = '' }) =>
        (!states || states.includes(state)) &&
        (!kinds || kinds.includes(kind)) &&
        (!owners ||
          pipelines.some(({ owner = '' }) => owners.includes(owner))) &&
        `${template} ${step}`.toLowerCase().includes(text),
    );
  }

  #read(fingerprint: string): FailureDetail {
    const found = this.items.find(item => item.fingerprint === fingerprint);
    if (!found) {
      throw new FakeFailure(
        404,
        'NotFoundError',
        `No failure '${fingerprint}'`,
      );
    }
    return found;
  }

  #ofRun(runId: string): RunFailureResponse {
    const failure = this.items.find(({ lastRun }) => lastRun?.id === runId);
    return { failure };
  }

  #change(
    fingerprint: string,
    state: 'resolved' | 'ignored' | 'unresolved',
    { body = {} }: FakeRequest,
  ): FailureDetail {
    const found = this.#read(fingerprint);
    if (state !== 'ignored' && found.state === state) {
      throw new FakeFailure(
        409,
        'ConflictError',
        `Failure '${fingerprint}' is ${state} already`,
      );
    }
    const at = new Date().toISOString();
    const { reason, until, count } = body as {
      reason?: string;
      until?: string;
      count?: number;
    };
    return Object.assign(found, {
      state,
      ignoredUntil: until,
      ignoredCount: count,
      changedAt: at,
      changedBy: ME,
      history: [
        { at, name: state, actor: ME, reason, until, count },
        ...found.history,
      ],
    });
  }
}

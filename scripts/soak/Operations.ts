import type { PortalApi } from '../lib/portalApi.ts';
import { SOAK_PIPELINES, type SoakPipeline } from './pipelines.ts';
import type { Random } from './random.ts';

const API = '/api/pipelines';
const REQUEST_TIMEOUT_MS = 10_000;
const KNOWN_RUNS = 400;

/** How many requests of each kind were answered how. */
export type OperationCounts = Map<string, Map<string, number>>;

/** What people do to runs and to the queue, at random. */
export class Operations {
  readonly counts: OperationCounts = new Map();
  /** Runs whose submit was answered with success: none of them may be lost. */
  readonly accepted = new Set<string>();
  readonly #api: PortalApi;
  readonly #random: Random;
  #recent: string[] = [];

  constructor(options: { api: PortalApi; random: Random }) {
    this.#api = options.api;
    this.#random = options.random;
  }

  /** Does one thing; a portal that is away at the moment is no problem. */
  async one(): Promise<void> {
    const act = this.#random.weighted<() => Promise<void>>([
      [10, () => this.#submit()],
      [5, () => this.#onRun('cancel', { force: this.#random.next() < 0.3 })],
      [3, () => this.#onRun('pause', {})],
      [4, () => this.#onRun('resume', {})],
      [2, () => this.#retry()],
      [1, () => this.#change()],
      [0.3, () => this.#pauseQueue()],
      [0.3, () => this.#cancelMany()],
    ]);
    await act();
  }

  /** Lets the queue and these runs go on that were held up. */
  async release(runs: readonly { id: string }[]): Promise<void> {
    await this.#send('resume the queue', 'POST', '/queue/resume', {});
    for (const { id } of runs) {
      await this.#send('resume', 'POST', `/runs/${id}/resume`, {});
    }
  }

  async #submit(): Promise<void> {
    const pipelineId = this.#random.pick(
      Object.keys(SOAK_PIPELINES) as SoakPipeline[],
    );
    const answer = await this.#send('submit', 'POST', '/runs', {
      pipelineId,
      priority: this.#random.integer(-2, 2),
    });
    this.#remember(answer);
  }

  async #retry(): Promise<void> {
    const runId = this.#random.pick(this.#recent);
    if (runId) {
      this.#remember(
        await this.#send('retry', 'POST', `/runs/${runId}/retry`, {}),
      );
    }
  }

  async #onRun(action: string, body: object): Promise<void> {
    const runId = this.#random.pick(this.#recent.slice(-40));
    if (runId) {
      await this.#send(action, 'POST', `/runs/${runId}/${action}`, body);
    }
  }

  async #change(): Promise<void> {
    const runId = this.#random.pick(this.#recent);
    if (runId) {
      await this.#send('change', 'PATCH', `/runs/${runId}`, {
        note: `soaked ${this.#random.integer(1, 9)} times`,
      });
    }
  }

  async #pauseQueue(): Promise<void> {
    await this.#send('pause the queue', 'POST', '/queue/pause', {});
    await this.#send('resume the queue', 'POST', '/queue/resume', {});
  }

  async #cancelMany(): Promise<void> {
    const runIds = this.#recent.slice(-this.#random.integer(2, 8));
    if (runIds.length > 0) {
      await this.#send('cancel many', 'POST', '/runs/bulk', {
        action: 'cancel',
        runIds,
      });
    }
  }

  #remember(answer: { id?: string } | undefined): void {
    if (answer?.id) {
      this.accepted.add(answer.id);
      this.#recent = [...this.#recent.slice(-KNOWN_RUNS), answer.id];
    }
  }

  async #send(
    name: string,
    method: string,
    path: string,
    body: object,
  ): Promise<{ id?: string } | undefined> {
    try {
      const response = await this.#api.fetch(`${API}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const answer = await response.json();
      this.#count(name, `${response.status}`);
      return response.ok ? (answer as { id?: string }) : undefined;
    } catch {
      this.#count(name, 'no answer');
      return undefined;
    }
  }

  #count(name: string, outcome: string): void {
    const outcomes = this.counts.get(name) ?? new Map<string, number>();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    this.counts.set(name, outcomes);
  }
}

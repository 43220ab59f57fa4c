import type { StepState } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import { retryTransaction } from '../database';
import { cleanText } from './cleanText';
import { recordAttemptEvent } from './operations/recordAttemptEvent';
import { recordMetrics } from './operations/recordMetrics';
import { recordOutput } from './operations/recordOutput';
import { recordProgress } from './operations/recordProgress';
import { recordStep } from './operations/recordStep';
import { recordSummary } from './operations/recordSummary';
import type { Actor, Lease } from './types';

const MAX_STEPS = 1_000;
const MAX_OUTPUTS = 100;
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Of all outputs of one attempt, because one answer shows those of all attempts. */
const MAX_TOTAL_OUTPUT_BYTES = 8 * 1024 * 1024;
const MAX_METRICS = 100;
const MAX_RUNNER_EVENTS = 1_000;
const MAX_NAME_LENGTH = 200;
const MAX_MESSAGE_LENGTH = 2_000;
const MAX_SUMMARY_LENGTH = 10_000;

/**
 * Writes what an attempt says, for the worker that holds its lease.
 *
 * @remarks
 * Nothing that a runner says is refused: what is too much or too long is left out or cut, and
 * the run gets a warning. Every method rejects with `LeaseLostError` when the lease is over.
 */
export class AttemptRecorder {
  readonly #knex: Knex;
  readonly #lease: Lease;
  readonly #actor: Actor;
  #eventsAreFull = false;

  constructor(options: { knex: Knex; lease: Lease; actor: Actor }) {
    this.#knex = options.knex;
    this.#lease = options.lease;
    this.#actor = options.actor;
  }

  /** Writes one step by its name; its position is that of its first appearance. */
  async recordStep(step: {
    name: string;
    state: StepState;
    message?: string;
  }): Promise<void> {
    const written = await this.#transaction(trx =>
      recordStep({
        trx,
        lease: this.#lease,
        step: {
          name: cleanText(step.name, MAX_NAME_LENGTH),
          state: step.state,
          message: optionalText(step.message, MAX_MESSAGE_LENGTH),
        },
        maxSteps: MAX_STEPS,
      }),
    );
    if (!written) {
      await this.#warnOnce(
        'steps-limit',
        `The attempt has ${MAX_STEPS} steps; further ones are not kept`,
      );
    }
  }

  /** Writes how far the run is, cut to 0 to 1. */
  async recordProgress(progress: number, message?: string): Promise<void> {
    await retryTransaction(() =>
      recordProgress({
        knex: this.#knex,
        lease: this.#lease,
        progress: Math.min(1, Math.max(0, progress || 0)),
        message: optionalText(message, MAX_MESSAGE_LENGTH),
      }),
    );
  }

  /** Writes a JSON document, in place of an earlier one of this name. */
  async recordOutput(name: string, value: unknown): Promise<void> {
    const shortName = cleanText(name, MAX_NAME_LENGTH);
    const json = JSON.stringify(value) ?? 'null';
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_OUTPUT_BYTES) {
      await this.recordEvent({
        kind: 'warning',
        name: 'output-too-large',
        reason: `The output '${shortName}' has ${bytes} bytes; at most ${MAX_OUTPUT_BYTES} are kept, so write it as an artifact`,
      });
      return;
    }
    const written = await this.#transaction(trx =>
      recordOutput({
        trx,
        lease: this.#lease,
        name: shortName,
        json,
        maxOutputs: MAX_OUTPUTS,
        maxTotalBytes: MAX_TOTAL_OUTPUT_BYTES,
      }),
    );
    if (!written) {
      await this.#warnOnce(
        'outputs-limit',
        `The attempt has ${MAX_OUTPUTS} outputs, or ${MAX_TOTAL_OUTPUT_BYTES} bytes of them; further ones are not kept`,
      );
    }
  }

  /** Writes the newest values of named numbers; what is no finite number is left out. */
  async recordMetrics(
    metrics: Readonly<Record<string, number>>,
  ): Promise<void> {
    const finite = Object.fromEntries(
      Object.entries(metrics)
        .filter(([, value]) => Number.isFinite(value))
        .map(([name, value]) => [cleanText(name, MAX_NAME_LENGTH), value]),
    );
    if (Object.keys(finite).length === 0) {
      return;
    }
    const written = await this.#transaction(trx =>
      recordMetrics({
        trx,
        lease: this.#lease,
        metrics: finite,
        maxMetrics: MAX_METRICS,
      }),
    );
    if (!written) {
      await this.#warnOnce(
        'metrics-limit',
        `The attempt has ${MAX_METRICS} metrics; further names are not kept`,
      );
    }
  }

  /** Writes what the run came to. */
  async recordSummary(text: string): Promise<void> {
    await retryTransaction(() =>
      recordSummary({
        knex: this.#knex,
        lease: this.#lease,
        summary: cleanText(text, MAX_SUMMARY_LENGTH),
      }),
    );
  }

  /** Records something that the runner said, or a warning about it. */
  async recordEvent(event: {
    kind: 'runner' | 'warning';
    name: string;
    reason?: string;
    details?: unknown;
    /** Only one event of this name per attempt. */
    once?: boolean;
    /**
     * Where the engine's record stands after what this is about. An event of a position that is
     * stored already changes nothing, so that it can be sent again.
     */
    position?: number;
  }): Promise<void> {
    if (this.#eventsAreFull) {
      return;
    }
    const recorded = await this.#transaction(trx =>
      recordAttemptEvent({
        trx,
        lease: this.#lease,
        event: {
          kind: event.kind,
          name: cleanText(event.name, MAX_NAME_LENGTH),
          actor: this.#actor,
          reason: optionalText(event.reason, MAX_MESSAGE_LENGTH),
          details: event.details,
        },
        once: event.once,
        position: event.position,
        maxEvents: MAX_RUNNER_EVENTS,
      }),
    );
    this.#eventsAreFull = recorded === 'full';
  }

  #warnOnce(name: string, reason: string): Promise<void> {
    return this.recordEvent({ kind: 'warning', name, reason, once: true });
  }

  #transaction<TResult>(
    write: (trx: Knex.Transaction) => Promise<TResult>,
  ): Promise<TResult> {
    return retryTransaction(() => this.#knex.transaction(write));
  }
}

function optionalText(
  text: string | undefined,
  maxLength: number,
): string | undefined {
  return text === undefined ? undefined : cleanText(text, maxLength);
}

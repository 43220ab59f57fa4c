import type { LoggerService } from '@backstage/backend-plugin-api';
import { AuthenticationError, InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import type { SubmittedRun } from '../../runs';
import { isRefusal } from '../isRefusal';
import { recordRefusedStart } from '../operations/recordRefusedStart';
import type { WebhookConfig } from '../readTriggersConfig';
import { renderValues } from '../renderValues';
import type { RunSubmitter } from '../types';
import { CallRate } from './CallRate';
import { CallVerifier, type WebhookCall } from './CallVerifier';
import { TooManyCallsError } from './TooManyCallsError';

/** At most one line of the log in this time for each trigger that strangers call. */
const WARNING_INTERVAL_MS = 60_000;

/** A call whose signature was good. */
export interface VerifiedCall {
  trigger: WebhookConfig;
  /** The same for every try of the sender to deliver the same message. */
  messageId: string;
  body: Buffer;
}

/** Starts runs by signed calls from outside. */
export class WebhooksService {
  readonly #knex: Knex;
  readonly #runs: RunSubmitter;
  readonly #logger: LoggerService;
  readonly #webhooks: ReadonlyMap<string, WebhookConfig>;
  readonly #verifier: CallVerifier;
  readonly #rate = new CallRate();
  readonly #warnedAt = new Map<string, number>();

  constructor(options: {
    knex: Knex;
    runs: RunSubmitter;
    logger: LoggerService;
    /** By id. */
    webhooks: ReadonlyMap<string, WebhookConfig>;
  }) {
    this.#knex = options.knex;
    this.#runs = options.runs;
    this.#logger = options.logger;
    this.#webhooks = options.webhooks;
    this.#verifier = new CallVerifier(
      new Map([...options.webhooks].map(([id, { secrets }]) => [id, secrets])),
    );
  }

  /** Ids of the triggers that start this pipeline. */
  listOf(pipelineId: string): { id: string }[] {
    return [...this.#webhooks.values()]
      .filter(webhook => webhook.pipelineId === pipelineId)
      .map(({ id }) => ({ id }));
  }

  /**
   * Makes sure that a call is from the sender of the trigger.
   *
   * @throws AuthenticationError, always the same, when it is not or there is no such trigger;
   * TooManyCallsError when its sender calls too often
   */
  verify(call: WebhookCall): VerifiedCall {
    const problem = this.#verifier.problemOf(call);
    const trigger = this.#webhooks.get(call.triggerId);
    if (problem || !trigger || !call.headers.id) {
      this.#warn(call.triggerId, problem);
      throw new AuthenticationError(
        'There is no such trigger, or the call is not signed for it, or it is too old',
      );
    }
    const retryAfterSeconds = this.#rate.count(trigger.id);
    if (retryAfterSeconds !== undefined) {
      throw new TooManyCallsError(trigger.id, retryAfterSeconds);
    }
    return { trigger, messageId: call.headers.id, body: call.body };
  }

  /**
   * Queues the run of a call, or answers with the one that the same message has made before.
   *
   * @throws InputError when the body is no JSON object, or does not fit the pipeline;
   * ConflictError when the id of the message was used for another one
   */
  async submit({
    trigger,
    messageId,
    body,
  }: VerifiedCall): Promise<SubmittedRun> {
    const actor = `webhook:${trigger.id}`;
    try {
      return await this.#runs.submitRun({
        request: {
          pipelineId: trigger.pipelineId,
          parameters: renderValues(trigger.parameters, { body: parse(body) }),
        },
        actor,
        trigger: 'webhook',
        idempotencyKey: messageId,
      });
    } catch (error) {
      if (isRefusal(error)) {
        await recordRefusedStart(this.#knex, {
          pipelineId: trigger.pipelineId,
          trigger: 'webhook',
          source: actor,
          message: error.message,
        });
      }
      throw error;
    }
  }

  /** Only of triggers that there are: anybody can make up others without end. */
  #warn(triggerId: string, problem: string | undefined): void {
    const now = performance.now();
    const warnedAt = this.#warnedAt.get(triggerId) ?? -Infinity;
    if (
      this.#webhooks.has(triggerId) &&
      now - warnedAt >= WARNING_INTERVAL_MS
    ) {
      this.#warnedAt.set(triggerId, now);
      this.#logger.warn(
        `A call of the webhook trigger '${triggerId}' was refused: ${problem}`,
      );
    }
  }
}

function parse(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
  } catch {
    // Said below
  }
  throw new InputError('The body of the call is no JSON object');
}

import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** An id that can be an idempotency key: printable ASCII without spaces. */
const MESSAGE_ID_PATTERN = /^[\x21-\x7e]{1,200}$/;
const TIMESTAMP_PATTERN = /^\d{1,12}$/;
/** Longer than every list of signatures that a sender with some secrets makes. */
const MAX_SIGNATURE_LENGTH = 2_000;

/** A call as it came in. */
export interface WebhookCall {
  triggerId: string;
  /** Values of `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
  headers: { id?: string; timestamp?: string; signature?: string };
  /** Every byte of the body. */
  body: Buffer;
}

/**
 * Tells calls that a known sender has signed from all others.
 *
 * @remarks
 * By Standard Webhooks: an HMAC-SHA256 over id, time and body, with one of the secrets of the
 * trigger, and a time at most 5 minutes from now. Whether there is a trigger, and how many secrets
 * it has, changes neither the answer nor the work: missing secrets are made up.
 */
export class CallVerifier {
  readonly #known: ReadonlyMap<string, readonly Webhook[]>;
  readonly #unknown: readonly Webhook[];

  /** @param secrets - of each trigger, by its id */
  constructor(secrets: ReadonlyMap<string, readonly string[]>) {
    const most = Math.max(1, ...[...secrets.values()].map(list => list.length));
    this.#unknown = Array.from(
      { length: most },
      () => new Webhook(randomBytes(32).toString('base64')),
    );
    this.#known = new Map(
      [...secrets].map(([id, list]) => [
        id,
        [
          ...list.map(secret => new Webhook(secret)),
          ...this.#unknown.slice(list.length),
        ],
      ]),
    );
  }

  /** Why the call is not to be trusted; undefined when it is. */
  problemOf(call: WebhookCall): string | undefined {
    const { id = '', timestamp = '', signature = '' } = call.headers;
    if (
      !MESSAGE_ID_PATTERN.test(id) ||
      !TIMESTAMP_PATTERN.test(timestamp) ||
      !signature ||
      signature.length > MAX_SIGNATURE_LENGTH
    ) {
      return 'its headers are missing or malformed';
    }
    if (!isUtf8(call.body)) {
      return 'its body is not UTF-8';
    }
    const problems = (this.#known.get(call.triggerId) ?? this.#unknown).map(
      webhook => problemWith(webhook, call),
    );
    return problems.includes(undefined) ? undefined : problems[0];
  }
}

function problemWith(
  webhook: Webhook,
  { headers, body }: WebhookCall,
): string | undefined {
  try {
    webhook.verify(
      body,
      {
        'webhook-id': headers.id ?? '',
        'webhook-timestamp': headers.timestamp ?? '',
        'webhook-signature': headers.signature ?? '',
      },
      { jsonParse: false },
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

import type { SignedState } from '../../ui/stateSigns';

/** How publishing went for one target. @internal */
export interface PublishedTarget {
  target: string;
  /** The word of the document. */
  word?: string;
  /** The state whose sign says the same. */
  sign: SignedState;
  /** Where it is: a link if it is an http address. */
  location?: string;
  message?: string;
}

const SIGNS: Readonly<Record<string, SignedState>> = {
  published: 'succeeded',
  succeeded: 'succeeded',
  success: 'succeeded',
  done: 'succeeded',
  ok: 'succeeded',
  failed: 'failed',
  error: 'failed',
  skipped: 'skipped',
  pending: 'pending',
  queued: 'pending',
  running: 'running',
  publishing: 'running',
  cancelled: 'cancelled',
};

/**
 * Reads an output called `publishing`: a list, or an object with the list `targets`, of objects
 * with `target`, `state`, `location` or `url`, and `message`. Undefined for any other document.
 *
 * @internal
 */
export function readPublishing(json: unknown): PublishedTarget[] | undefined {
  const list = Array.isArray(json) ? json : fieldsOf(json).targets;
  if (!Array.isArray(list) || list.length === 0) {
    return undefined;
  }
  const targets = list.map(targetOf);
  return targets.every(target => target !== undefined) ? targets : undefined;
}

function targetOf(item: unknown): PublishedTarget | undefined {
  const fields = fieldsOf(item);
  const target = textOf(fields.target) ?? textOf(fields.name);
  const word = textOf(fields.state) ?? textOf(fields.status);
  if (target === undefined) {
    return undefined;
  }
  return {
    target,
    word,
    sign: SIGNS[word?.toLowerCase() ?? ''] ?? 'unknown',
    location: textOf(fields.location) ?? textOf(fields.url),
    message: textOf(fields.message) ?? textOf(fields.error),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

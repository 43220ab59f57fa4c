import { InputError } from '@backstage/errors';
import { hasUnstorableText } from './cleanText';

/** Nesting that both JSON.stringify and jsonb take without harm. */
const MAX_DEPTH = 100;
const MAX_KEYS = 1_000;
const MAX_KEY_LENGTH = 1_000;
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * Checks that a value from a JSON body can be stored as it is, however deep it is nested.
 *
 * @param what - names the value in the error, for example `parameters`
 * @throws InputError for NUL, lone surrogates, numbers beyond a double, keys that could reach
 * a prototype, too many or too long keys, and nesting beyond 100 levels
 */
export function assertStorable(what: string, value: unknown): void {
  // Not recursive: a body can be nested deeper than the stack allows.
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { depth } = next;
    assertScalar(what, next.value);
    if (typeof next.value === 'object' && next.value !== null) {
      if (depth === MAX_DEPTH) {
        throw new InputError(
          `The ${what} are nested more than ${MAX_DEPTH} levels deep`,
        );
      }
      if (!Array.isArray(next.value)) {
        assertKeys(what, Object.keys(next.value));
      }
      for (const item of Object.values(next.value)) {
        waiting.push({ value: item, depth: depth + 1 });
      }
    }
  }
}

function assertScalar(what: string, value: unknown): void {
  if (typeof value === 'string' && hasUnstorableText(value)) {
    throw new InputError(
      `There is a NUL character or half of a surrogate pair in the ${what}, which cannot be stored`,
    );
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InputError(
      `There is a number in the ${what} that is too large to be kept`,
    );
  }
}

function assertKeys(what: string, keys: string[]): void {
  if (keys.length > MAX_KEYS) {
    throw new InputError(
      `The ${what} have an object with ${keys.length} keys; at most ${MAX_KEYS} are allowed`,
    );
  }
  for (const key of keys) {
    assertScalar(what, key);
    if (key.length > MAX_KEY_LENGTH || FORBIDDEN_KEYS.includes(key)) {
      throw new InputError(
        `The ${what} have the key '${key.slice(0, 80)}', which is not allowed`,
      );
    }
  }
}

import { useRef } from 'react';

const KEY_BYTES = 16;

/**
 * The Idempotency-Key of an opened form: a second click, or a retry after a lost answer, is the
 * same run; after an edit it is another one, because the server refuses a key with another body.
 */
export function useIdempotencyKey(): (request: unknown) => string {
  const last = useRef<{ body: string; key: string }>();
  return request => {
    const body = JSON.stringify(request);
    if (last.current?.body !== body) {
      last.current = { body, key: randomKey() };
    }
    return last.current.key;
  };
}

// Not `randomUUID`: a portal on plain HTTP is no secure context, where that is missing.
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

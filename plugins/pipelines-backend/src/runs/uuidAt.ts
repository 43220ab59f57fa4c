const MAX_UUID_TIME_MS = 2 ** 48 - 1;

/**
 * The least UUIDv7 of a moment: the ids of all runs that were submitted then or later are not
 * less.
 */
export function uuidAt(moment: Date): string {
  const ms = Math.min(Math.max(moment.getTime(), 0), MAX_UUID_TIME_MS);
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** When a UUIDv7 was made. */
export function uuidTime(id: string): Date {
  return new Date(parseInt(id.replace('-', '').slice(0, 12), 16));
}

import { createHash } from 'node:crypto';
import { uuidAt } from '../runs';

/** A clock that says less was never set. */
const EARLIEST_START = new Date('2000-01-01T00:00:00Z');

/**
 * The id of a run that was executed elsewhere: a UUIDv7 of its start whose rest is made from its
 * name, so that the same run always gets the same id.
 *
 * @param options - `startAt` by the reporter's clock; `now` stands for a start that cannot be
 * right, because an id of the future would be the newest of all runs until then
 */
export function foreignRunId(options: {
  origin: 'reported' | 'imported';
  sender: string;
  externalId: string;
  startAt: Date;
  now: Date;
}): string {
  const { origin, sender, externalId, startAt, now } = options;
  const isPlausible = startAt >= EARLIEST_START && startAt <= now;
  const hash = createHash('sha256')
    .update(JSON.stringify([origin, sender, externalId]))
    .digest();
  hash[0] = (hash[0] % 16) + 0x70; // Version 7
  hash[2] = (hash[2] % 64) + 0x80; // Variant of RFC 9562
  const tail = hash.toString('hex', 0, 10);
  const time = uuidAt(isPlausible ? startAt : now).slice(0, 13);
  return `${time}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8, 20)}`;
}

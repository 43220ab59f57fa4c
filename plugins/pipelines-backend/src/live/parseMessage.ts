import { z } from 'zod';

/** Postgres refuses longer payloads, so a longer one is not from a trigger of ours. */
const MAX_PAYLOAD_LENGTH = 8_000;

const MessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queued') }),
  z.strictObject({
    kind: z.literal('state'),
    runId: z.uuid(),
    state: z.string().max(40),
  }),
  z.strictObject({ kind: z.literal('cancel'), runId: z.uuid() }),
  z.strictObject({ kind: z.literal('pause'), runId: z.uuid() }),
  z.strictObject({ kind: z.literal('queue') }),
  z.strictObject({ kind: z.literal('settings') }),
  z.strictObject({ kind: z.literal('ping'), id: z.uuid() }),
]);

/** What arrives on the channel: changes of runs, and what processes tell themselves. */
export type DatabaseMessage = z.infer<typeof MessageSchema>;

/** The message in a payload; undefined when it is none of ours, whoever sent it. */
export function parseMessage(
  payload: string | undefined,
): DatabaseMessage | undefined {
  if (!payload || payload.length > MAX_PAYLOAD_LENGTH) {
    return undefined;
  }
  try {
    return MessageSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

import type { JsonObject } from '@backstage/types';
import type { RunnerMessage } from '@millrace/backstage-plugin-pipelines-node';
import { z } from 'zod';

/** What a line on stdout begins with to be a protocol line. */
export const PROTOCOL_MARK = Buffer.from('::millrace::');

const MAX_DEPTH = 64;
const FORBIDDEN_KEYS = ['__proto__'];

/** Text that Postgres can store: no NUL, no half of a surrogate pair. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .transform(value =>
      Buffer.from(value).toString().replaceAll('\0', '\uFFFD'),
    );
const name = z.string().min(1).pipe(text(200));
const message = text(4_000).optional();

const MESSAGES = {
  step: z.object({
    type: z.literal('step'),
    name,
    status: z.enum(['pending', 'running', 'succeeded', 'failed', 'skipped']),
    message,
  }),
  progress: z.object({
    type: z.literal('progress'),
    progress: z.number().min(0).max(1),
    message,
  }),
  output: z.object({ type: z.literal('output'), name, json: z.json() }),
  artifact: z.object({
    type: z.literal('artifact'),
    path: z.string().min(1).max(4_096),
    name: name.optional(),
    mediaType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+$/, 'is not a media type')
      .optional(),
  }),
  metric: z.object({
    type: z.literal('metric'),
    name,
    value: z.number(),
  }),
  summary: z.object({ type: z.literal('summary'), text: text(64 * 1024) }),
} as const;

/** A message of the protocol as it was written: the name of an artifact may be missing. */
export type ProtocolMessage =
  | {
      [TType in keyof typeof MESSAGES]: z.output<(typeof MESSAGES)[TType]>;
    }[keyof typeof MESSAGES]
  | Extract<RunnerMessage, { type: 'other' }>;

/**
 * Reads a protocol line.
 *
 * @param line - with the mark in front
 * @throws Error with the reason when it is malformed
 */
export function parseProtocolLine(line: Buffer): ProtocolMessage {
  const body: unknown = JSON.parse(line.toString('utf8', PROTOCOL_MARK.length));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Error('it is not a JSON object');
  }
  checkJson(body, 1);
  const { type } = body as { type?: unknown };
  if (typeof type !== 'string' || type === '') {
    throw new Error(`it has no 'type'`);
  }
  if (!Object.hasOwn(MESSAGES, type)) {
    return { type: 'other', body: body as JsonObject };
  }
  const parsed = MESSAGES[type as keyof typeof MESSAGES].safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`'${issue.path.join('.')}': ${issue.message}`);
  }
  return parsed.data;
}

function checkJson(value: unknown, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error('it has a number that is too large');
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (depth > MAX_DEPTH) {
    throw new Error(`it is nested deeper than ${MAX_DEPTH} levels`);
  }
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.includes(key)) {
      throw new Error(`the key '${key}' is not allowed`);
    }
    checkJson(inner, depth + 1);
  }
}

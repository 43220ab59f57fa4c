import { z } from 'zod';
import { RUN_STATES } from '../runs/state';
import {
  RunDetailSchema,
  RunMetricSchema,
  RunStepSchema,
} from '../runs/schema';

/** Most bytes of one stored line; what follows continues on the next one. @public */
export const MAX_LOG_LINE_BYTES = 64 * 1024;

/** Most lines in one answer of `GET /runs/{id}/logs`. @public */
export const MAX_LOG_PAGE_LINES = 5_000;

/**
 * One stored line of a log.
 *
 * @remarks
 * The bytes are decoded as UTF-8 with replacement characters; `GET /runs/{id}/logs/raw` has
 * them as they were.
 *
 * @public
 */
export const LogLineSchema = z
  .object({
    /** Counted from 0 over the attempt, both streams together, in the order they were read. */
    number: z.int(),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string(),
    /** The line of this stream before this one had no line feed yet, so this one carries on. */
    continues: z.boolean().optional(),
    /** Carries on after a carriage return, so it replaces what the line showed. */
    replaces: z.boolean().optional(),
    /** When it was stored. */
    at: z.iso.datetime(),
  })
  .meta({ id: 'LogLine' });

/** {@inheritDoc LogLineSchema} @public */
export type LogLine = z.infer<typeof LogLineSchema>;

/**
 * Query of `GET /runs/{id}/logs`.
 *
 * @remarks
 * `cursor` is a line number: with `forward` the first line wanted, with `backward` the line
 * after the last one wanted; without it the beginning or the end of the log.
 *
 * @public
 */
export const LogQuerySchema = z.object({
  attempt: z.coerce.number().int().min(1).optional(),
  cursor: z.coerce.number().int().min(0).optional(),
  direction: z.enum(['forward', 'backward']).default('forward'),
  limit: z.coerce.number().int().min(1).max(MAX_LOG_PAGE_LINES).default(1_000),
});

/** {@inheritDoc LogQuerySchema} @public */
export type LogQuery = z.output<typeof LogQuerySchema>;

/** Answer of `GET /runs/{id}/logs`, oldest line first. @public */
export const LogPageSchema = z
  .object({
    attempt: z.int(),
    lines: z.array(LogLineSchema),
    totalLines: z.int(),
    totalBytes: z.int(),
    /** Nothing more will come: the attempt is over and every byte is stored. */
    complete: z.boolean(),
    /** The log met its size limit; the marker line says what is missing. */
    truncated: z.boolean(),
  })
  .meta({ id: 'LogPage' });

/** {@inheritDoc LogPageSchema} @public */
export type LogPage = z.infer<typeof LogPageSchema>;

/** Query of `GET /runs/{id}/logs/raw`: an attempt, by default the latest. @public */
export const RawLogQuerySchema = z.object({
  attempt: z.coerce.number().int().min(1).optional(),
});

/**
 * Query of `GET /runs/{id}/stream`.
 *
 * @remarks
 * `cursor` is the id of the last event seen. Without one the log begins with about the last
 * `tail` lines of the latest attempt (a few hundred more, because whole chunks are sent), or
 * with its first line when `tail` is absent as well.
 *
 * @public
 */
export const RunStreamQuerySchema = z.object({
  cursor: z.string().max(100).optional(),
  tail: z.coerce.number().int().min(0).max(MAX_LOG_PAGE_LINES).optional(),
});

/**
 * The events of `GET /runs/{id}/stream` by name (server-sent events).
 *
 * @remarks
 * The id of an event is `<attempt>.<byteOffset>.<eventSeq>`: how far the log and the run's
 * events have been sent. Steps and progress are sent whole, so they need no position.
 *
 * @public
 */
export const RUN_STREAM_EVENTS = {
  log: z.object({
    attempt: z.int(),
    lines: z.array(LogLineSchema),
    totalLines: z.int(),
    totalBytes: z.int(),
  }),
  state: RunDetailSchema,
  step: z.object({ items: z.array(RunStepSchema) }),
  progress: z.object({
    progress: z.number().optional(),
    progressMessage: z.string().optional(),
    currentStep: z.string().optional(),
    metrics: z.array(RunMetricSchema),
  }),
  gap: z.object({ reason: z.string() }),
  end: z.object({ state: z.enum(RUN_STATES) }),
} as const;

/** Name of an event of the stream. @public */
export type RunStreamEventName = keyof typeof RUN_STREAM_EVENTS;

/** One parsed event of the stream. @public */
export type RunStreamEvent = {
  [TName in RunStreamEventName]: {
    name: TName;
    id?: string;
    data: z.infer<(typeof RUN_STREAM_EVENTS)[TName]>;
  };
}[RunStreamEventName];

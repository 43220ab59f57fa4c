import { z } from 'zod';
import { commaList } from '../http/page';
import { LOG_LEVELS } from './level';
import { MAX_LOG_QUERY_LENGTH, parseLogQuery } from './logQuery';
import { LogLineSchema, MAX_LOG_PAGE_LINES } from './schema';

/** Most line numbers that one answer of a search lists. @public */
export const MAX_LISTED_LINES = 10_000;

/** Most lines that are counted as found before a search stops. @public */
export const MAX_FOUND_LINES = 1_000_000;

/** Parts that a map of a searched log has at most. @public */
export const MAX_LOG_MARKS = 400;

/** Most lines that one answer of `GET /runs/{id}/logs/lines` has. @public */
export const MAX_PICKED_LINES = 100;

const lineNumber = z.coerce.number().int().min(0);
const attempt = z.coerce.number().int().min(1);

/** The text of a query with what it asks for, or an issue that says what is wrong. @internal */
export const logQueryText = z
  .string()
  .max(MAX_LOG_QUERY_LENGTH)
  .transform((text, context) => {
    const parsed = parseLogQuery(text);
    if (!parsed.ok) {
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    }
    return parsed.terms;
  });

/**
 * Query of `GET /runs/{id}/logs/search`.
 *
 * @remarks
 * `q` is read by `parseLogQuery`; the other conditions hold as well. Without any, no line is
 * found, but levels are counted. `from` is the first line that is looked at. Of the found lines
 * `limit` are listed, beginning with the one at `index`, or around the first at or after the line
 * `near`.
 *
 * @public
 */
export const LogSearchQuerySchema = z.object({
  q: logQueryText.prefault(''),
  attempt: attempt.optional(),
  level: commaList(z.enum(LOG_LEVELS)).optional(),
  step: z.string().min(1).max(200).optional(),
  stream: z.enum(['stdout', 'stderr']).optional(),
  from: lineNumber.default(0),
  index: lineNumber.optional(),
  near: lineNumber.optional(),
  limit: z.coerce.number().int().min(0).max(MAX_LISTED_LINES).default(1_000),
});

/** {@inheritDoc LogSearchQuerySchema} @public */
export type LogSearchQuery = z.output<typeof LogSearchQuerySchema>;

/** Lines by the level that they say they have. @public */
export const LogLevelCountsSchema = z.object({
  error: z.int(),
  warn: z.int(),
  info: z.int(),
  debug: z.int(),
  /** Lines that say none. */
  none: z.int(),
});

/** {@inheritDoc LogLevelCountsSchema} @public */
export type LogLevelCounts = z.infer<typeof LogLevelCountsSchema>;

/** A part of a log in which something is worth a mark. @public */
export const LogMarkSchema = z.object({
  /** The first line of the part that has it. */
  error: z.int().optional(),
  warn: z.int().optional(),
  found: z.int().optional(),
});

/** {@inheritDoc LogMarkSchema} @public */
export type LogMark = z.infer<typeof LogMarkSchema>;

/** What the templates of a pipeline were learnt from. @public */
export const LearntTemplatesSchema = z.object({
  /** Successful runs whose logs were read. */
  runs: z.int(),
  /** Those of them that were too long to be read whole. */
  sampledRuns: z.int(),
  templates: z.int(),
  /** The pipeline has more templates than are kept, so some lines are called novel that are not. */
  full: z.boolean(),
  /** When a run was learnt from last. */
  learntAt: z.iso.datetime().optional(),
});

/** {@inheritDoc LearntTemplatesSchema} @public */
export type LearntTemplates = z.infer<typeof LearntTemplatesSchema>;

/**
 * Answer of `GET /runs/{id}/logs/search`.
 *
 * @remarks
 * Lines are counted from 0. What is not searched begins at `to`: when `stopped` says why, go on
 * with `from=<to>`.
 *
 * @public
 */
export const LogSearchSchema = z
  .object({
    attempt: z.int(),
    /** The first line that was looked at. */
    from: z.int(),
    /** The line after the last one that was looked at. */
    to: z.int(),
    totalLines: z.int(),
    /** Why not all lines were looked at: it took too long, or too many were found. */
    stopped: z.enum(['time', 'found']).optional(),
    /** Lines that the query finds. */
    found: z.int(),
    /** Which of the found lines `lines` begins with. */
    index: z.int(),
    /** Numbers of found lines, rising. */
    lines: z.array(z.int()),
    /** Levels of all lines that were looked at, found or not. */
    levels: LogLevelCountsSchema,
    /** Lines that one of the marks stands for. */
    markLines: z.int(),
    /** Equal parts of the lines that were looked at, in order. */
    marks: z.array(LogMarkSchema),
    /** What novel lines were told from; only when the query asks for them. */
    learnt: LearntTemplatesSchema.optional(),
    tookMs: z.int(),
  })
  .meta({ id: 'LogSearch' });

/** {@inheritDoc LogSearchSchema} @public */
export type LogSearch = z.infer<typeof LogSearchSchema>;

/** Query of `GET /runs/{id}/logs/lines`: numbers of lines by comma. @public */
export const LogLinesQuerySchema = z.object({
  attempt: attempt.optional(),
  numbers: commaList(
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
    MAX_PICKED_LINES,
  ),
});

/** {@inheritDoc LogLinesQuerySchema} @public */
export type LogLinesQuery = z.output<typeof LogLinesQuerySchema>;

/** Answer of `GET /runs/{id}/logs/lines`: those of the lines that there are, by number. @public */
export const LogLinesSchema = z.object({
  attempt: z.int(),
  lines: z.array(LogLineSchema).max(MAX_LOG_PAGE_LINES),
});

/** {@inheritDoc LogLinesSchema} @public */
export type LogLines = z.infer<typeof LogLinesSchema>;

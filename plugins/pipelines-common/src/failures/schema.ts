import { z } from 'zod';
import { commaList, pageOf, PageQuerySchema } from '../http/page';
import { RunErrorSchema } from '../runs/schema';

const iso = z.iso.datetime();

/**
 * What has been done about a failure.
 *
 * @remarks
 * `regressed` is one that was resolved and has come back since; an ignored one becomes
 * `unresolved` when its time or its count is over.
 *
 * @public
 */
export const FAILURE_STATES = [
  'unresolved',
  'regressed',
  'resolved',
  'ignored',
] as const;

/** One of {@link FAILURE_STATES}. @public */
export type FailureState = (typeof FAILURE_STATES)[number];

/** What ended a run; see `RunError`. @public */
export const FAILURE_KINDS = RunErrorSchema.shape.kind.options;

/** Days that the failures cover when the caller does not say since when. @public */
export const DEFAULT_FAILURES_DAYS = 7;

/** Most days that occurrences are counted over. @public */
export const MAX_FAILURES_DAYS = 90;

/** Pipelines that a list names of each failure; `pipelineCount` says how many there are. @public */
export const LISTED_FAILURE_PIPELINES = 5;

/** Most occurrences until which a failure can be ignored. @public */
export const MAX_IGNORED_COUNT = 1_000_000;

/** How a failure stands, and who has changed that. @public */
export const FailureStandingSchema = z
  .object({
    /** 16 hexadecimal digits, the same for the same error. */
    fingerprint: z.string(),
    state: z.enum(FAILURE_STATES),
    /** Ignored until then. */
    ignoredUntil: iso.optional(),
    /** Ignored until it has occurred this often again. */
    ignoredCount: z.int().optional(),
    /** When the state changed last; absent when it never did. */
    changedAt: iso.optional(),
    /** Entity ref of the person, or `system` where it changed by itself. */
    changedBy: z.string().optional(),
  })
  .meta({ id: 'FailureStanding' });

/** {@inheritDoc FailureStandingSchema} @public */
export type FailureStanding = z.infer<typeof FailureStandingSchema>;

/** A pipeline in which a failure has occurred. @public */
export const FailurePipelineSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string().optional(),
    /** In the period that was asked for. */
    occurrences: z.int(),
    lastSeenAt: iso,
  })
  .meta({ id: 'FailurePipeline' });

/** {@inheritDoc FailurePipelineSchema} @public */
export type FailurePipeline = z.infer<typeof FailurePipelineSchema>;

/** How often something occurred in equal spans of time, oldest first. @public */
export const FailureActivitySchema = z
  .object({
    /** Start of the first span. */
    from: iso,
    /** Length of a span. */
    hours: z.int(),
    counts: z.array(z.int()),
  })
  .meta({ id: 'FailureActivity' });

/** {@inheritDoc FailureActivitySchema} @public */
export type FailureActivity = z.infer<typeof FailureActivitySchema>;

/**
 * The failed runs that have the same error: kind, step, and message but for what differs from
 * run to run. Everything in it is about pipelines that the caller may see.
 *
 * @public
 */
export const FailureSchema = FailureStandingSchema.extend({
  kind: RunErrorSchema.shape.kind,
  /** The step in which it occurred, with placeholders. */
  step: z.string().optional(),
  /** The message with placeholders such as `<number>` for what differs. */
  template: z.string(),
  firstSeenAt: iso,
  lastSeenAt: iso,
  /** In the period that was asked for. */
  occurrences: z.int(),
  /** Those in which it was seen last, newest first; not all in a list. */
  pipelines: z.array(FailurePipelineSchema),
  pipelineCount: z.int(),
  activity: FailureActivitySchema,
}).meta({ id: 'Failure' });

/** {@inheritDoc FailureSchema} @public */
export type Failure = z.infer<typeof FailureSchema>;

/** Something that was done about a failure, or that happened to its state. @public */
export const FailureEventSchema = z
  .object({
    at: iso,
    /** `ignore-ended` and `regressed` happen by themselves. */
    name: z.enum([
      'resolved',
      'ignored',
      'unresolved',
      'ignore-ended',
      'regressed',
    ]),
    actor: z.string(),
    reason: z.string().optional(),
    until: iso.optional(),
    count: z.int().optional(),
    /** The run with which it came back; absent when the caller may not see it. */
    runId: z.uuid().optional(),
  })
  .meta({ id: 'FailureEvent' });

/** {@inheritDoc FailureEventSchema} @public */
export type FailureEvent = z.infer<typeof FailureEventSchema>;

/** A failure with everything that its page needs at once. @public */
export const FailureDetailSchema = FailureSchema.extend({
  /** In all the time that is known. */
  totalOccurrences: z.int(),
  /** The newest run that is still kept. */
  lastRun: z
    .object({
      id: z.uuid(),
      pipelineId: z.string(),
      title: z.string(),
      message: z.string(),
      at: iso,
    })
    .optional(),
  /** Newest first. */
  history: z.array(FailureEventSchema),
  /** Whether the caller may resolve and ignore it. */
  isControllable: z.boolean(),
}).meta({ id: 'FailureDetail' });

/** {@inheritDoc FailureDetailSchema} @public */
export type FailureDetail = z.infer<typeof FailureDetailSchema>;

/**
 * Answer of `GET /runs/{id}/failure`: the failure that ended a run; empty for a run without an
 * error, and for about a second after its end.
 *
 * @public
 */
export const RunFailureResponseSchema = z
  .object({
    failure: FailureStandingSchema.extend({
      firstSeenAt: iso,
      /** In all the time that is known, of the pipelines that the caller may see. */
      totalOccurrences: z.int(),
      /** Of those in which it has occurred. */
      pipelineCount: z.int(),
    }).optional(),
  })
  .meta({ id: 'RunFailure' });

/** {@inheritDoc RunFailureResponseSchema} @public */
export type RunFailureResponse = z.infer<typeof RunFailureResponseSchema>;

/** The period of {@link ListFailuresQuerySchema} and {@link GetFailureQuerySchema}. */
const period = {
  /**
   * Only failures that were seen at or after this time, and only their occurrences since the
   * hour of it; default 7 days ago, at most 90.
   */
  from: z.iso.datetime({ offset: true }).optional(),
};

/** Query of `GET /failures`, newest last-seen first. @public */
export const ListFailuresQuerySchema = PageQuerySchema.extend({
  state: commaList(z.enum(FAILURE_STATES), FAILURE_STATES.length).optional(),
  pipeline: commaList(z.string().max(100)).optional(),
  owner: commaList(z.string().max(300)).optional(),
  kind: commaList(z.enum(FAILURE_KINDS), FAILURE_KINDS.length).optional(),
  /** Text that the message or the step contains, in any case. */
  q: z.string().max(200).optional(),
  ...period,
});

/** {@inheritDoc ListFailuresQuerySchema} @public */
export type ListFailuresQuery = z.output<typeof ListFailuresQuerySchema>;

/** Answer of `GET /failures`; `searchedBackTo` is set where the scan budget ended the search. @public */
export const ListFailuresResponseSchema = pageOf(FailureSchema)
  .extend({ searchedBackTo: iso.optional() })
  .meta({ id: 'FailurePage' });

/** {@inheritDoc ListFailuresResponseSchema} @public */
export type ListFailuresResponse = z.infer<typeof ListFailuresResponseSchema>;

/** Query of `GET /failures/{fingerprint}`. @public */
export const GetFailureQuerySchema = z.object(period);

/** Body of the actions that take nothing but a reason. @public */
export const ChangeFailureRequestSchema = z
  .strictObject({ reason: z.string().max(2_000).optional() })
  .meta({ id: 'ChangeFailureRequest' });

/** {@inheritDoc ChangeFailureRequestSchema} @public */
export type ChangeFailureRequest = z.infer<typeof ChangeFailureRequestSchema>;

/**
 * Body of `POST /failures/{fingerprint}/ignore`: until a time, until it has occurred so often
 * again, or for ever.
 *
 * @public
 */
export const IgnoreFailureRequestSchema = z
  .strictObject({
    until: z.iso.datetime({ offset: true }).optional(),
    count: z.int().min(1).max(MAX_IGNORED_COUNT).optional(),
    reason: z.string().max(2_000).optional(),
  })
  .refine(({ until, count }) => until === undefined || count === undefined, {
    message: 'say either until or count',
  })
  .meta({ id: 'IgnoreFailureRequest' });

/** {@inheritDoc IgnoreFailureRequestSchema} @public */
export type IgnoreFailureRequest = z.infer<typeof IgnoreFailureRequestSchema>;

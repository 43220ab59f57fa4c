import { z } from 'zod';

const iso = z.iso.datetime();

/** What happens to planned starts while the queue or a pipeline is paused. @public */
export const PAUSED_SCHEDULE_POLICIES = ['keep', 'drop'] as const;

/** A pause of the whole queue or of one pipeline: nothing new starts. @public */
export const PauseSchema = z
  .object({
    by: z.string(),
    at: iso,
    reason: z.string().optional(),
    /** When it ends by itself. */
    until: iso.optional(),
    /** Whether scheduled runs are queued meanwhile (`keep`) or left out (`drop`). */
    scheduledRuns: z.enum(PAUSED_SCHEDULE_POLICIES),
  })
  .meta({ id: 'Pause' });

/** {@inheritDoc PauseSchema} @public */
export type Pause = z.infer<typeof PauseSchema>;

/**
 * Why a queued run has not started: the first reason that applies, in this order.
 *
 * @public
 */
export const WAITING_REASONS = [
  /** The run itself is held; see `pauseRequest`. */
  'held',
  /** Its earliest start, or its next attempt after a failure, is in the future. */
  'start-time',
  'queue-paused',
  'pipeline-paused',
  /** No live worker that takes new runs knows the pipeline. */
  'no-worker',
  /** As many runs as the whole queue may execute. */
  'queue-limit',
  /** As many runs of the pipeline as it may execute. */
  'pipeline-limit',
  /** As many runs with the same concurrency key as may be executed. */
  'key-limit',
  /** Every slot is taken, or others come first. */
  'slot',
] as const;

/** Why a queued run has not started. @public */
export const WaitingSchema = z
  .object({
    reason: z.enum(WAITING_REASONS),
    /** For `start-time`, and for a pause that ends by itself. */
    until: iso.optional(),
    /** For limits: how many run, and how many may. */
    active: z.int().optional(),
    max: z.int().optional(),
    /** For `key-limit`. */
    key: z.string().optional(),
    /** For a pause or hold: who, when, and why in their words. */
    by: z.string().optional(),
    since: iso.optional(),
    pauseReason: z.string().optional(),
  })
  .meta({ id: 'Waiting' });

/** {@inheritDoc WaitingSchema} @public */
export type Waiting = z.infer<typeof WaitingSchema>;

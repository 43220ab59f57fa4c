import { z } from 'zod';
import { commaList } from '../http/page';

/** Longest that anything can be kept, in days. */
const MAX_RETENTION_DAYS = 3_650;

const days = z.coerce.number().int().min(1).max(MAX_RETENTION_DAYS);

/** Query of `GET /retention/preview`: how long things would be kept, in days; what is not named is not counted. @public */
export const RetentionPreviewQuerySchema = z.object({
  pipeline: commaList(z.string().max(100)).optional(),
  runDays: days.optional(),
  logDays: days.optional(),
  artifactDays: days.optional(),
});

/** {@inheritDoc RetentionPreviewQuerySchema} @public */
export type RetentionPreviewQuery = z.output<
  typeof RetentionPreviewQuerySchema
>;

/** Of how many runs something is removed, and how much. @public */
export const RemovalSchema = z
  .object({
    /** Runs whose time is over, of which it goes with the next pass. */
    now: z.int(),
    /** Runs whose time is over in the next 7 days, those of now left out. */
    soon: z.int(),
    /** Bytes of what goes with the next pass; absent for runs. */
    bytes: z.int().optional(),
    /** Whether there are more, which were not counted. */
    isMore: z.boolean(),
  })
  .meta({ id: 'Removal' });

/** {@inheritDoc RemovalSchema} @public */
export type Removal = z.infer<typeof RemovalSchema>;

/** Answer of `GET /retention/preview`. @public */
export const RetentionPreviewSchema = z
  .object({
    asOf: z.iso.datetime(),
    runs: RemovalSchema.optional(),
    logs: RemovalSchema.optional(),
    artifacts: RemovalSchema.optional(),
  })
  .meta({ id: 'RetentionPreview' });

/** {@inheritDoc RetentionPreviewSchema} @public */
export type RetentionPreview = z.infer<typeof RetentionPreviewSchema>;

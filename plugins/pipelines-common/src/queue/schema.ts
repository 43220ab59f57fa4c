import { z } from 'zod';

/** A backend process that claims and executes runs. @public */
export const WorkerSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    /** `silent`: no heartbeat for longer than a lease. */
    state: z.enum(['active', 'stopping', 'silent']),
    slots: z.int(),
    /** Runs that it holds a lease of and that the caller may see. */
    runIds: z.array(z.uuid()),
    /** All runs that it holds a lease of. */
    busySlots: z.int(),
    version: z.string(),
    startedAt: z.iso.datetime(),
    heartbeatAt: z.iso.datetime(),
  })
  .meta({ id: 'Worker' });

/** {@inheritDoc WorkerSchema} @public */
export type Worker = z.infer<typeof WorkerSchema>;

/** Answer of `GET /workers`, newest first. @public */
export const ListWorkersResponseSchema = z.object({
  items: z.array(WorkerSchema),
});

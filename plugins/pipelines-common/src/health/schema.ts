import { z } from 'zod';

/** Answer of `GET /health`; needs no caller, so it names no pipeline and no host. @public */
export const HealthSchema = z
  .object({
    state: z.enum(['ok', 'degraded']),
    checks: z.array(
      z.object({
        name: z.enum(['database', 'queue', 'workers', 'live']),
        state: z.enum(['ok', 'degraded']),
        message: z.string(),
      }),
    ),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Health' });

/** {@inheritDoc HealthSchema} @public */
export type Health = z.infer<typeof HealthSchema>;

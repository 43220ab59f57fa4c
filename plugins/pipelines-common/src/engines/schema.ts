import { z } from 'zod';

/** The engine of pipelines that are executed only elsewhere: runs of them cannot be submitted. @public */
export const OUTSIDE_ENGINE = 'outside';

/** What the engine of a pipeline can do; what it cannot is not offered. @public */
export const EngineCapabilitiesSchema = z
  .object({
    /** Can end a run before its time. */
    cancel: z.boolean(),
    /** Can freeze and thaw a run. */
    pause: z.boolean(),
    /** Stores a log. */
    logs: z.boolean(),
    /** Stores files. */
    artifacts: z.boolean(),
  })
  .meta({ id: 'EngineCapabilities' });

/** {@inheritDoc EngineCapabilitiesSchema} @public */
export type EngineCapabilities = z.infer<typeof EngineCapabilitiesSchema>;

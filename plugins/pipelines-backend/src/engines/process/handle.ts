import type { JsonObject } from '@backstage/types';
import { z } from 'zod';
import type { Identity } from '../../../shim/protocol';

const IdentitySchema = z.object({
  pid: z.int().positive(),
  startTicks: z.string().min(1),
  bootId: z.string().min(1),
});

const HandleSchema = z.object({
  shim: IdentitySchema,
  child: IdentitySchema.optional(),
});

/** What finds an attempt's processes again, and never others: pids with their start times. */
export interface ProcessHandle {
  shim: Identity;
  child?: Identity;
}

/** Reads a stored handle; nothing when there is none or it is not ours. */
export function parseHandle(
  handle: JsonObject | undefined,
): ProcessHandle | undefined {
  return HandleSchema.safeParse(handle).data;
}

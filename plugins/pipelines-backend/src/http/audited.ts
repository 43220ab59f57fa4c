import type { AuditorService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';

/**
 * Carries out a command and tells the auditor of it, of its success and of its failure.
 *
 * @param options - `eventId` is the noun in kebab-case, `meta.actionType` the verb
 */
export async function audited<TResult>(
  options: {
    auditor: AuditorService;
    request: Request;
    eventId: string;
    meta: JsonObject & { actionType: string };
    /** Default medium; critical for what could open the portal to others. */
    severityLevel?: 'low' | 'medium' | 'high' | 'critical';
  },
  command: () => Promise<TResult>,
): Promise<TResult> {
  const { auditor, ...event } = options;
  const auditorEvent = await auditor.createEvent({
    ...event,
    severityLevel: event.severityLevel ?? 'medium',
  });
  let result: TResult;
  try {
    result = await command();
  } catch (error) {
    await auditorEvent.fail({
      error: error instanceof Error ? error : new Error(String(error)),
    });
    throw error;
  }
  await auditorEvent.success();
  return result;
}

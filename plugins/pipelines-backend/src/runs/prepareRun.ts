import { ConflictError, InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import {
  MAX_PARAMETERS_BYTES,
  OUTSIDE_ENGINE,
} from '@millrace/backstage-plugin-pipelines-common';
import { createHash } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import {
  renderTemplate,
  renderTitle,
  type DefinitionsService,
  type PipelineDefinition,
} from '../definitions';
import { assertStorable } from './assertStorable';
import type { NewRun } from './operations/insertRun';
import { requestHash } from './requestHash';
import type { SecretParameters, SubmitRunOptions } from './types';

/** 1 to 200 printable ASCII characters, as a header can carry them. */
const IDEMPOTENCY_KEY_PATTERN = /^[\x20-\x7e]{1,200}$/;

/** A longer concurrency key is cut, and told from others by its hash. */
const MAX_CONCURRENCY_KEY_LENGTH = 200;

/**
 * Checks a request and makes the run of it that is to be queued.
 *
 * @param options - `secrets` takes secret parameters out of the others; without it there are none
 * @throws NotFoundError for an unknown pipeline; ConflictError for one that is executed only
 * elsewhere; InputError for parameters that do not fit it, are too large or cannot be stored, and
 * for a bad idempotency key
 */
export function prepareRun(
  submit: SubmitRunOptions,
  options: { definitions: DefinitionsService; secrets?: SecretParameters },
): NewRun {
  const { request, actor, trigger, retry, bulkId } = submit;
  const { definitions, secrets } = options;
  const definition = definitions.get(request.pipelineId);
  if (definition.engine === OUTSIDE_ENGINE) {
    throw new ConflictError(
      `Pipeline '${definition.id}' is executed only elsewhere, so it cannot be run from here; its runs are reported`,
    );
  }
  assertStorable('parameters', request.parameters);
  assertStorable('labels', request.labels ?? {});
  assertStorable('note', request.note ?? '');
  const parameters = definitions.validateParameters(
    definition.id,
    request.parameters,
  );
  assertSize(parameters);
  const { masked, sealed, fingerprint } = secrets?.seal(
    definition,
    parameters,
  ) ?? { masked: parameters };
  return {
    id: uuidV7(),
    pipelineId: definition.id,
    trigger,
    title: renderTitle(definition, masked),
    parameters: masked,
    sealed,
    labels: request.labels ?? {},
    priority: request.priority ?? 0,
    note: request.note || undefined,
    pipelineVersion: definition.version,
    settingsRevision: definition.settingsRevision,
    concurrencyKey: concurrencyKeyOf(definition, masked),
    queueTimeoutMs: definition.queueTimeoutMs,
    submittedBy: actor,
    runAt: request.runAt ? new Date(request.runAt) : undefined,
    maxAttempts: definition.maxAttempts,
    retryOf: retry?.runId,
    resumeFrom: retry?.fromStep,
    reason: submit.reason,
    details: retry || bulkId ? { retryOf: retry?.runId, bulkId } : undefined,
    key:
      submit.idempotencyKey === undefined
        ? undefined
        : {
            key: checkKey(submit.idempotencyKey),
            requestHash: requestHash({
              ...(retry ? { retryOf: retry.runId, ...retry.request } : request),
              // Secrets are compared by what nobody can turn back into them.
              ...(fingerprint && { parameters: masked, fingerprint }),
            }),
          },
  };
}

function assertSize(parameters: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(parameters));
  if (bytes > MAX_PARAMETERS_BYTES) {
    throw new InputError(
      `The parameters have ${bytes} bytes of JSON; at most ${MAX_PARAMETERS_BYTES} are allowed`,
    );
  }
}

/** Undefined where the pipeline has no limit per key, or the parameters leave the key empty. */
function concurrencyKeyOf(
  { concurrency }: PipelineDefinition,
  parameters: JsonObject,
): string | undefined {
  if (concurrency?.key === undefined) {
    return undefined;
  }
  const key = renderTemplate(concurrency.key, parameters).trim();
  if (key.length <= MAX_CONCURRENCY_KEY_LENGTH) {
    return key || undefined;
  }
  const hash = createHash('sha256').update(key).digest('hex');
  return `${key.slice(0, MAX_CONCURRENCY_KEY_LENGTH - hash.length)}${hash}`;
}

function checkKey(key: string): string {
  if (!IDEMPOTENCY_KEY_PATTERN.test(key)) {
    throw new InputError(
      'The header Idempotency-Key must have 1 to 200 printable ASCII characters',
    );
  }
  return key;
}

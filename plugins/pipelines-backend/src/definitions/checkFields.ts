import type { JsonObject } from '@backstage/types';
import { OUTSIDE_ENGINE } from '@millrace/backstage-plugin-pipelines-common';
import { checkSecretParameters, secretPaths } from '../secrets';
import { CronPattern } from './cronPattern';
import type { DefinitionFields } from './definitionSchema';
import {
  checkParametersSchema,
  checkScheduledParameters,
  propertiesOf,
} from './parameters';
import { checkTemplate, namesParameters } from './renderTitle';

const MAX_STOP_GRACE_MS = 300_000;
/** Timers of Node count no further than to 2^31 ms; beyond that they ring at once. */
const MAX_TIMEOUT_MS = 24 * 86_400_000;
const MAX_RETRY_DELAY_MS = 86_400_000;

const TIMEOUTS = [
  'timeout',
  'queueTimeout',
  'stepTimeout',
  'noOutputTimeout',
] as const;

/**
 * Every problem of what the configuration says of a pipeline, as sentences.
 *
 * @param options - `parameters` is the JSON Schema that runs are checked with
 */
export function checkFields(
  id: string,
  fields: DefinitionFields,
  options: { parameters: JsonObject; hasSecretsKey: boolean },
): string[] {
  const { parameters, hasSecretsKey } = options;
  const { schedule, titleTemplate, concurrency } = fields;
  return [
    ...checkSecretParameters({
      schema: parameters,
      templates: { titleTemplate, 'concurrency.key': concurrency?.key },
      hasKey: hasSecretsKey,
    }),
    ...(schedule ? CronPattern.check(schedule) : []),
    ...checkStarts(fields),
    ...checkParameters(id, fields, parameters),
    ...TIMEOUTS.flatMap(name => checkTimeout(name, fields[name])),
    ...checkConcurrency(concurrency),
    ...(fields.stopGrace > MAX_STOP_GRACE_MS
      ? [`stopGrace: is longer than ${MAX_STOP_GRACE_MS / 1_000} seconds`]
      : []),
    ...(['delay', 'maxDelay'] as const).flatMap(name =>
      fields.retry[name] > MAX_RETRY_DELAY_MS
        ? [`retry.${name}: is longer than a day`]
        : [],
    ),
  ];
}

/** What cannot be said of parameters whose schema is wrong is not said. */
function checkParameters(
  id: string,
  fields: DefinitionFields,
  parameters: JsonObject,
): string[] {
  const problems = checkParametersSchema(fields.parameters);
  if (problems.length > 0) {
    return problems;
  }
  const { schedule, titleTemplate = '', concurrency } = fields;
  const key = concurrency?.key;
  const notEnough = schedule && checkScheduledParameters(id, parameters);
  return [
    ...(notEnough ? [`schedule: ${notEnough}`] : []),
    ...checkTemplate(titleTemplate, parameters).map(
      problem => `titleTemplate: ${problem}`,
    ),
    ...checkTemplate(key ?? '', parameters).map(
      problem => `concurrency.key: ${problem}`,
    ),
    ...(key === undefined || namesParameters(key)
      ? []
      : [
          `concurrency.key: names no parameter, so all runs would have the same key; write for example '\${{ parameters.site }}'`,
        ]),
    ...checkOutputFolder(fields.outputFolderParameter, parameters),
  ];
}

function checkOutputFolder(
  parameter: string | undefined,
  schema: JsonObject,
): string[] {
  if (parameter === undefined) {
    return [];
  }
  const properties = propertiesOf(schema);
  const property = Object.hasOwn(properties, parameter)
    ? (properties[parameter] as JsonObject)
    : undefined;
  const isSecret = secretPaths(schema).some(([name]) => name === parameter);
  return property?.type === 'string' && !isSecret
    ? []
    : [
        `outputFolderParameter: '${parameter}' is no parameter of type string that may be shown`,
      ];
}

function checkConcurrency(
  concurrency: DefinitionFields['concurrency'],
): string[] {
  if (!concurrency) {
    return [];
  }
  const { limit, key, perKey } = concurrency;
  if ((key === undefined) !== (perKey === undefined)) {
    return ['concurrency: key and perKey go together'];
  }
  return limit === undefined && perKey === undefined
    ? ['concurrency: say limit, or key and perKey']
    : [];
}

/** Nothing can start what is executed only elsewhere. */
function checkStarts({ engine, schedule, after }: DefinitionFields): string[] {
  return engine === OUTSIDE_ENGINE && (schedule || after.length > 0)
    ? [
        `engine: a pipeline with the engine '${OUTSIDE_ENGINE}' has neither schedule nor after, because nothing here starts it`,
      ]
    : [];
}

function checkTimeout(name: string, timeoutMs: number | undefined): string[] {
  return timeoutMs === undefined ||
    (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
    ? []
    : [
        `${name}: must be longer than nothing and at most 24 days; leave it out for no limit`,
      ];
}

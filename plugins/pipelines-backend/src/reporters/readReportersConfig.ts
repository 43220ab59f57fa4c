import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { REPORTER_PATTERN } from '@millrace/backstage-plugin-pipelines-common';
import { z } from 'zod';
import type { Reporter } from './types';

const KEY = 'pipelines.reporters';
const USER_PREFIX = 'user:';

/** How events name a service. */
export const SERVICE_PREFIX = 'service:';

const ReporterSchema = z.strictObject({
  subjects: z.array(z.string().regex(/^\S+$/, 'is no subject')).min(1),
  pipelines: z.array(z.string()).min(1).optional(),
});

/**
 * Reads `pipelines.reporters`.
 *
 * @param options - `pipelineIds` are those that are configured
 * @throws InputError that names every problem of every reporter at once
 */
export function readReportersConfig(options: {
  config: Config;
  pipelineIds: readonly string[];
}): ReadonlyMap<string, Reporter> {
  const { config, pipelineIds } = options;
  const section = config.getOptional<Record<string, unknown>>(KEY) ?? {};
  const reporters = new Map<string, Reporter>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(section)) {
    const parsed = ReporterSchema.safeParse(value);
    problems.push(
      ...[
        ...checkName(name),
        ...(parsed.success
          ? checkPipelines(parsed.data.pipelines, pipelineIds)
          : parsed.error.issues.map(
              issue =>
                `${issue.path.join('.') || 'the reporter'}: ${issue.message}`,
            )),
      ].map(problem => `  ${name}: ${problem}`),
    );
    if (parsed.success) {
      const { subjects, pipelines } = parsed.data;
      reporters.set(name, {
        name,
        subjects: subjects.map(fullSubject),
        pipelines,
      });
    }
  }
  if (problems.length > 0) {
    throw new InputError(
      `The reporters in '${KEY}' have problems; mend the configuration and start again:\n${problems.join(
        '\n',
      )}`,
    );
  }
  return reporters;
}

function checkName(name: string): string[] {
  return REPORTER_PATTERN.test(name)
    ? []
    : [
        'the name may have lower-case letters, digits and inner hyphens, at most 63 of them',
      ];
}

function checkPipelines(
  wanted: readonly string[] | undefined,
  known: readonly string[],
): string[] {
  return (wanted ?? [])
    .filter(id => !known.includes(id))
    .map(id => `pipelines: there is no pipeline '${id}'`);
}

function fullSubject(subject: string): string {
  return subject.startsWith(USER_PREFIX)
    ? stringifyEntityRef(
        parseEntityRef(subject, { defaultNamespace: 'default' }),
      )
    : subject;
}

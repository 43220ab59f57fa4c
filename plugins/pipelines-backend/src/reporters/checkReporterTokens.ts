import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { runReportPermission } from '@millrace/backstage-plugin-pipelines-common';
import type { Reporter } from './types';

const KEY = 'backend.auth.externalAccess';
const PLUGIN = 'pipelines';

/**
 * Refuses tokens of reporters that could do anything else than they were made for.
 *
 * @remarks
 * Backstage asks no policy about services: what their token is not kept from they may do. So a
 * reporter's token, which lies on machines that nobody watches, must name its permissions.
 *
 * @throws InputError that names every token that is too broad
 */
export function checkReporterTokens(options: {
  config: Config;
  reporters: Iterable<Reporter>;
}): void {
  const { config } = options;
  const reporters = [...options.reporters];
  const problems = (config.getOptionalConfigArray(KEY) ?? []).flatMap(token => {
    const subject = token.getOptionalString('options.subject');
    const reporter = reporters.find(({ subjects }) =>
      subjects.some(item => item === subject),
    );
    return reporter && subject && !isNarrow(token)
      ? [`  ${subject}, of reporter '${reporter.name}'`]
      : [];
  });
  if (problems.length > 0) {
    throw new InputError(
      `These tokens in '${KEY}' belong to reporters and may do more than they need:\n${problems.join(
        '\n',
      )}\nGive each 'accessRestrictions: [{ plugin: ${PLUGIN}, permission: [${
        runReportPermission.name
      }] }]', with further permissions where it has to do more`,
    );
  }
}

function isNarrow(token: Config): boolean {
  const restrictions = token.getOptionalConfigArray('accessRestrictions') ?? [];
  return (
    restrictions.length > 0 &&
    restrictions
      .filter(item => item.getOptionalString('plugin') === PLUGIN)
      .every(item => item.has('permission'))
  );
}

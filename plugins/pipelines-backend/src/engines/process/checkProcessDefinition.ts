import path from 'node:path';
import type { EngineDefinition } from '@millrace/backstage-plugin-pipelines-node';

/** Variables that change which code runs, or that the engine sets itself. */
const FORBIDDEN_VARIABLES =
  /^(PATH|HOME|LANG|IFS|ENV|BASH_ENV|BASHOPTS|SHELLOPTS|BASH_FUNC_.*|NODE_OPTIONS|NODE_PATH|LD_.*|DYLD_.*|PYTHON.*|PERL5.*|RUBY.*|JAVA_TOOL_OPTIONS|GIT_.*|MILLRACE_.*)$/;

/**
 * Checks the process engine's part of a definition.
 *
 * @param platform - default: this host's
 * @returns every problem as a sentence
 */
export function checkProcessDefinition(
  definition: EngineDefinition,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const problems = [
    ...checkCommand(definition.command),
    ...checkVariables(definition),
    ...Object.keys(definition.options).map(
      name => `the process engine has no option '${name}'`,
    ),
  ];
  if (definition.cwd !== undefined && !path.isAbsolute(definition.cwd)) {
    problems.push(`cwd: '${definition.cwd}' is not an absolute path`);
  }
  if (platform === 'win32') {
    problems.push(
      `the process engine needs a POSIX host: run the worker on Linux or macOS, or in WSL`,
    );
  }
  return problems;
}

function checkCommand(command: readonly string[] = []): string[] {
  if (command.length === 0 || !command[0]) {
    return [`command: the process engine needs a program and its arguments`];
  }
  return command.some(word => word.includes('\0'))
    ? [`command: an argument cannot have a NUL character`]
    : [];
}

function checkVariables({
  env = [],
  secrets = [],
}: EngineDefinition): string[] {
  const problems: string[] = [];
  for (const name of new Set([...env, ...secrets])) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push(`env: '${name}' is not the name of a variable`);
    } else if (FORBIDDEN_VARIABLES.test(name)) {
      problems.push(
        `env: '${name}' may not be passed on, because it changes how programs run; set it inside the command if you must`,
      );
    } else if (env.includes(name) && secrets.includes(name)) {
      problems.push(
        `env: '${name}' is in 'secrets', too; keep it there and remove it from 'env'`,
      );
    }
  }
  return problems;
}

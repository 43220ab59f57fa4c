import path from 'node:path';

const DEFAULT_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The variables that every process of ours gets: nothing else of the backend's environment,
 * which holds the password of the database.
 *
 * @param environment - of the backend
 */
export function baseEnvironment(
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const ownNode = path.dirname(process.execPath);
  return {
    PATH: `${ownNode}${path.delimiter}${environment.PATH || DEFAULT_PATH}`,
    HOME: environment.HOME || '/',
    LANG: environment.LANG || 'C.UTF-8',
  };
}

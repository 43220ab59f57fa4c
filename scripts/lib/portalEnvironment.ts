import fs from 'node:fs';
import path from 'node:path';
import type { Credentials } from './credentials.ts';
import { ARCHIVE_READER_ROLE, type Databases } from './databases.ts';
import { mediaFolder } from './dataDirectory.ts';
import { inRoot, ROOT } from './paths.ts';

/** What the backend is told about the machine, see `portalEnvironment`. */
export interface PortalEnvironmentOptions {
  databases: Databases;
  credentials: Credentials;
  dataDirectory: string;
  port: number;
}

/**
 * The environment that app-config.yaml refers to.
 *
 * @remarks
 * Archive URLs are empty where the archive could not be made: the portal starts
 * and the pipeline that needs them fails with its own sentence.
 */
export function portalEnvironment(
  options: PortalEnvironmentOptions,
): Record<string, string> {
  const { databases, credentials, dataDirectory, port } = options;
  return {
    NODE_ENV: 'production',
    MILLRACE_PORT: String(port),
    MILLRACE_ROOT: ROOT,
    MILLRACE_DATA_DIR: dataDirectory,
    BACKEND_SECRET: credentials.backendSecret,
    MILLRACE_SECRETS_KEY: credentials.secretsKey,
    MILLRACE_CRON_TOKEN: credentials.cronToken,
    MILLRACE_WEBHOOK_SECRET: credentials.webhookSecret,
    POSTGRES_HOST: databases.portal.host,
    POSTGRES_PORT: databases.portal.port,
    POSTGRES_USER: databases.portal.user,
    POSTGRES_PASSWORD: databases.portal.password,
    ARCHIVE_WRITE_URL: databases.archiveWriteUrl ?? '',
    ARCHIVE_READ_URL: databases.archiveReadUrl ?? '',
    ARCHIVE_READER_ROLE,
    INGEST_ALLOWED_FOLDERS: existing([
      inRoot('examples/ingest-meetings/samples'),
      inRoot('../shared/data/meetings'),
    ]),
    TRANSCODE_INPUT_FOLDERS: existing([
      inRoot('examples/transcode/samples'),
      mediaFolder(dataDirectory),
    ]),
  };
}

function existing(folders: string[]): string {
  return folders.filter(folder => fs.existsSync(folder)).join(path.delimiter);
}

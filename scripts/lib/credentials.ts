import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

const PASSWORD_BYTES = 24;

/** The passwords of one data directory, made once. */
export interface Credentials {
  /** Superuser of the embedded PostgreSQL. */
  postgres: string;
  millrace_portal: string;
  archive_writer: string;
  archive_reader: string;
  /** Signs the tokens between the plugins of the backend. */
  backendSecret: string;
  /** Encrypts the secret parameters of runs. */
  secretsKey: string;
}

/** New random passwords. */
export function createCredentials(): Credentials {
  const secret = () => randomBytes(PASSWORD_BYTES).toString('base64url');
  return {
    postgres: secret(),
    millrace_portal: secret(),
    archive_writer: secret(),
    archive_reader: secret(),
    backendSecret: secret(),
    secretsKey: secret(),
  };
}

/** What earlier versions did not make, and what therefore fits nothing that exists. */
const ADDED_LATER: readonly string[] = ['secretsKey'];

/**
 * The passwords of a data directory, readable by its owner only; made on the
 * first call. Throws when the file was damaged, as new passwords would not fit
 * the database that exists.
 */
export function loadCredentials(dataDirectory: string): Credentials {
  const file = path.join(dataDirectory, 'credentials.json');
  const fresh = createCredentials();
  if (!fs.existsSync(file)) {
    writeWhole(file, fresh);
    return fresh;
  }
  try {
    const stored = JSON.parse(fs.readFileSync(file, 'utf8'));
    const missing = Object.keys(fresh).filter(
      name => typeof stored[name] !== 'string',
    );
    const lost = missing.find(name => !ADDED_LATER.includes(name));
    if (lost) {
      throw new Error(`'${lost}' is missing`);
    }
    const credentials: Credentials = { ...fresh, ...stored };
    if (missing.length > 0) {
      writeWhole(file, credentials);
    }
    return credentials;
  } catch (cause) {
    throw new Failure(
      `The passwords in ${file} cannot be read: ${(cause as Error).message}.`,
      {
        wayOut: 'Put the file back, or start afresh with: npm start -- --reset',
        cause,
      },
    );
  }
}

/** A crash leaves the old file or the new one, never half of it. */
function writeWhole(file: string, credentials: Credentials): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const content = `${JSON.stringify(credentials, null, 2)}\n`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, file);
}

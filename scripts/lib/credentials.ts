import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

const PASSWORD_BYTES = 24;
const SIGNING_KEY_BYTES = 32;

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
  /** The token of programs outside of the portal, `external:cron`. */
  cronToken: string;
  /** What calls of the demo's webhook trigger are signed with, as Standard Webhooks writes it. */
  webhookSecret: string;
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
    cronToken: secret(),
    webhookSecret: `whsec_${randomBytes(SIGNING_KEY_BYTES).toString('base64')}`,
  };
}

/** What earlier versions did not make, and what therefore fits nothing that exists. */
const ADDED_LATER: readonly string[] = [
  'secretsKey',
  'cronToken',
  'webhookSecret',
];

/**
 * The passwords of a data directory, readable by its owner only; made on the
 * first call. Throws when the file was damaged, as new passwords would not fit
 * the database that exists.
 */
export function loadCredentials(dataDirectory: string): Credentials {
  const file = path.join(dataDirectory, 'credentials.json');
  const fresh = createCredentials();
  if (!fs.existsSync(file)) {
    writeWhole(file, asText(fresh));
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
      writeWhole(file, asText(credentials));
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

/**
 * Writes the token of programs outside of the portal to a file of its own, readable by its owner
 * only, as `run-pipeline-once --token-file` takes it.
 *
 * @returns the file
 */
export function writeCronToken(
  dataDirectory: string,
  { cronToken }: Pick<Credentials, 'cronToken'>,
): string {
  const file = path.join(dataDirectory, 'cron.token');
  writeWhole(file, cronToken);
  return file;
}

/**
 * Writes what calls of the demo's webhook trigger are signed with to a file of its own, readable
 * by its owner only.
 *
 * @returns the file
 */
export function writeWebhookSecret(
  dataDirectory: string,
  { webhookSecret }: Pick<Credentials, 'webhookSecret'>,
): string {
  const file = path.join(dataDirectory, 'webhook.secret');
  writeWhole(file, webhookSecret);
  return file;
}

/** A crash leaves the old file or the new one, never half of it. */
function writeWhole(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, `${content}\n`, { mode: 0o600 });
  fs.renameSync(temporary, file);
}

function asText(credentials: Credentials): string {
  return JSON.stringify(credentials, null, 2);
}

import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { UsageError } from './errors.ts';

/** What a person gives a run. */
export const parametersSchema = z.strictObject({
  url: z.url({ protocol: /^(https?|file)$/ }),
  sourceName: z.string().trim().min(1).max(200).optional(),
});

/** The parameters of a run. */
export type Parameters = z.output<typeof parametersSchema>;

const environmentSchema = z.object({
  ARCHIVE_WRITE_URL: z.string().regex(/^postgres(ql)?:\/\//),
  ARCHIVE_READER_ROLE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/)
    .optional(),
  INGEST_ALLOWED_FOLDERS: z.string().default(''),
  INGEST_ALLOWED_HOSTS: z.string().default(''),
  INGEST_MAX_BYTES: z.coerce.number().int().positive().default(2_147_483_648),
  INGEST_MAX_RECORD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(16_777_216),
  INGEST_DOWNLOAD_TIMEOUT_SECONDS: z.coerce.number().positive().default(600),
  MILLRACE_RUN_ID: z.string().optional(),
  MILLRACE_ATTEMPT: z.coerce.number().int().optional(),
  MILLRACE_PARAMS_FILE: z.string().optional(),
  MILLRACE_ARTIFACTS_DIR: z.string().optional(),
});

const ENVIRONMENT_HELP: Record<string, string> = {
  ARCHIVE_WRITE_URL:
    'must be the postgres:// address of the archive, for the role that writes',
  ARCHIVE_READER_ROLE: 'must be a plain role name: a-z, 0-9 and _',
};

/** Everything a run needs to know, checked. */
export type IngestConfig = {
  parameters: Parameters;
  databaseUrl: string;
  readerRole?: string;
  allowedFolders: string[];
  /** Hosts that are read although they are not public, in lower case. */
  allowedHosts: string[];
  maxBytes: number;
  maxRecordBytes: number;
  downloadTimeoutMs: number;
  runId?: string;
  attempt?: number;
  artifactsFolder?: string;
};

/**
 * Reads the environment and the parameters file.
 *
 * @throws UsageError that names everything that is wrong; never a value of the environment
 */
export async function readConfig(
  argv: string[],
  env: NodeJS.ProcessEnv,
): Promise<IngestConfig> {
  const checked = environmentSchema.safeParse(env);
  if (!checked.success) {
    const problems = checked.error.issues.map(issue => {
      const name = String(issue.path[0]);
      return `${name} ${ENVIRONMENT_HELP[name] ?? 'must be a positive number'}`;
    });
    throw new UsageError(
      `The environment is not complete: ${problems.join('; ')}`,
    );
  }
  const known = checked.data;
  return {
    parameters: await readParameters(argv, known.MILLRACE_PARAMS_FILE),
    databaseUrl: known.ARCHIVE_WRITE_URL,
    readerRole: known.ARCHIVE_READER_ROLE,
    allowedFolders:
      known.INGEST_ALLOWED_FOLDERS.split(delimiter).filter(Boolean),
    allowedHosts: known.INGEST_ALLOWED_HOSTS.toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    maxBytes: known.INGEST_MAX_BYTES,
    maxRecordBytes: known.INGEST_MAX_RECORD_BYTES,
    downloadTimeoutMs: known.INGEST_DOWNLOAD_TIMEOUT_SECONDS * 1000,
    runId: known.MILLRACE_RUN_ID,
    attempt: known.MILLRACE_ATTEMPT,
    artifactsFolder: known.MILLRACE_ARTIFACTS_DIR,
  };
}

async function readParameters(
  argv: string[],
  fileFromRunner: string | undefined,
): Promise<Parameters> {
  const path = readParamsOption(argv) ?? fileFromRunner;
  if (!path) {
    throw new UsageError(
      'No parameters: set MILLRACE_PARAMS_FILE or give --params <file.json>',
    );
  }
  const result = parametersSchema.safeParse(await readJson(path));
  if (!result.success) {
    throw new UsageError(
      `The parameters in '${path}' are wrong:\n${z.prettifyError(
        result.error,
      )}`,
    );
  }
  return result.data;
}

function readParamsOption(argv: string[]): string | undefined {
  try {
    const options = { params: { type: 'string' } } as const;
    return parseArgs({ args: argv, options }).values.params;
  } catch (error) {
    throw new UsageError(`Usage: main.ts --params <file.json>`, {
      cause: error,
    });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `The parameters file '${path}' cannot be read as JSON`,
      {
        cause: error,
      },
    );
  }
}

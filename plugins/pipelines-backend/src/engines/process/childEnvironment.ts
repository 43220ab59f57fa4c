import type { AttemptContext } from '@millrace/backstage-plugin-pipelines-node';
import type { AttemptFolder } from '../AttemptFolder';
import { baseEnvironment } from './baseEnvironment';

/** A shorter value would hide innocent text everywhere; see `shim/secretForms.js`. */
const MIN_SECRET_BYTES = 6;

/** The environment of a command. */
export interface ChildEnvironment {
  env: Record<string, string>;
  /** Values that are redacted in its log. */
  secrets: string[];
  /** What the reader of the run should know about it. */
  warnings: string[];
}

/**
 * The environment that the runner protocol promises: ours, and only those variables of the
 * backend that the definition names.
 *
 * @param environment - of the backend
 */
export function childEnvironment(
  context: AttemptContext,
  folder: AttemptFolder,
  environment: NodeJS.ProcessEnv,
): ChildEnvironment {
  const { definition, resume, secretValues = [] } = context;
  const named = (names: readonly string[] = []) =>
    names.flatMap(name => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    });
  const secrets = named(definition.secrets);
  return {
    env: {
      ...baseEnvironment(environment),
      ...Object.fromEntries(named(definition.env)),
      ...Object.fromEntries(secrets),
      MILLRACE_RUN_ID: context.runId,
      MILLRACE_ATTEMPT: String(context.attempt),
      MILLRACE_IDEMPOTENCY_KEY: context.idempotencyKey,
      MILLRACE_PIPELINE: definition.pipelineId,
      MILLRACE_PARAMS_FILE: folder.parameters,
      MILLRACE_ARTIFACTS_DIR: folder.artifacts,
      ...(resume && {
        MILLRACE_RESUME_STEP: resume.step,
        MILLRACE_RESUME_RUN_ID: resume.runId,
        MILLRACE_RESUME_DIR: resume.artifactsFolder,
      }),
    },
    secrets: [...secrets.map(([, value]) => value), ...secretValues],
    warnings: [
      ...missing(definition.secrets, environment),
      ...tooShort(secrets),
    ],
  };
}

function missing(
  names: readonly string[] = [],
  environment: NodeJS.ProcessEnv,
): string[] {
  return names
    .filter(name => environment[name] === undefined)
    .map(
      name =>
        `The secret '${name}' is not set in the environment of this worker, so the run does not have it`,
    );
}

function tooShort(secrets: (readonly [string, string])[]): string[] {
  return secrets
    .filter(([, value]) => value && Buffer.byteLength(value) < MIN_SECRET_BYTES)
    .map(
      ([name]) =>
        `The secret '${name}' is shorter than ${MIN_SECRET_BYTES} bytes, so it is not redacted in the log`,
    );
}

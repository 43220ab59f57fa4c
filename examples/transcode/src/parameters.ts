import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BadInputError, errorSentence } from './errors.ts';
import { PROFILE_NAMES } from './profiles.ts';

/** The parameters of a run; the same rules as the JSON Schema of the pipeline's definition. */
export const parametersSchema = z.strictObject({
  input: z.string().min(1).max(1024).optional(),
  durationSeconds: z.int().min(1).max(600).default(60),
  profile: z.enum(PROFILE_NAMES).default('live_stream'),
  outputName: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._ -]{0,99}$/,
      'must start with a letter or digit and hold only letters, digits, dots, dashes, underscores and spaces (at most 100)',
    )
    .optional(),
});

/** Checked parameters of a run. */
export type Parameters = z.infer<typeof parametersSchema>;

/** Reads and checks the parameters file; without a file every parameter has its default. */
export async function readParameters(file?: string): Promise<Parameters> {
  const result = parametersSchema.safeParse(file ? await readJson(file) : {});
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) =>
      path.length ? `'${path.join('.')}': ${message}` : message,
    );
    throw new BadInputError(`The parameters are wrong: ${problems.join('; ')}`);
  }
  return result.data;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new BadInputError(
      `Cannot read the parameters file '${file}': ${errorSentence(error)}`,
    );
  }
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { BadInputError } from './errors.ts';
import { emit, log } from './protocol.ts';

const PAGE = 'clip.md';
const BYTES_PER_MB = 1e6;

/** What a run of transcode has said about its result, see its output `media`. */
const clipSchema = z.strictObject({
  source: z.string().max(1024).default('a test clip'),
  profile: z.string().max(100),
  resolution: z.string().max(100),
  duration: z.number().min(0),
  size: z.int().min(0),
  transcodedBy: z.string().max(100).optional(),
});

type Clip = z.infer<typeof clipSchema>;

/**
 * Writes a page about a transcoded clip as the artifact `clip.md`.
 *
 * @remarks
 * In the demo it follows transcode, and its parameters are what that run has made.
 *
 * @throws BadInputError when the parameters are missing or wrong
 */
export async function writeClipPage(env: NodeJS.ProcessEnv): Promise<void> {
  const clip = await readClip(env.MILLRACE_PARAMS_FILE);
  const folder = env.MILLRACE_ARTIFACTS_DIR ?? '.';
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, PAGE), pageOf(clip));
  log(`wrote ${PAGE} about ${clip.source}`);
  emit({
    type: 'artifact',
    path: PAGE,
    name: PAGE,
    mediaType: 'text/markdown',
  });
  emit({ type: 'summary', text: sentenceOf(clip) });
}

async function readClip(file: string | undefined): Promise<Clip> {
  if (!file) {
    throw new BadInputError(
      'MILLRACE_PARAMS_FILE does not say what the clip is',
    );
  }
  const result = clipSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!result.success) {
    throw new BadInputError(
      `The parameters are wrong: ${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}

function sentenceOf({ profile, resolution, duration, size }: Clip): string {
  return `${duration.toFixed(1)} s of ${resolution} for ${profile}, ${(
    size / BYTES_PER_MB
  ).toFixed(1)} MB`;
}

function pageOf(clip: Clip): string {
  const { source, transcodedBy } = clip;
  return [
    `# ${path.parse(source).name}`,
    '',
    `${sentenceOf(clip)}.`,
    '',
    `- Made of: ${source}`,
    ...(transcodedBy ? [`- By the run: ${transcodedBy}`] : []),
    '',
  ].join('\n');
}

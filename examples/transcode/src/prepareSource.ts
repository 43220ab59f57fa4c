import path from 'node:path';
import { BadInputError } from './errors.ts';
import { fileInput, testClipInput } from './ffmpegArguments.ts';
import type { Parameters } from './parameters.ts';
import { probeMedia } from './probeMedia.ts';
import { resolveInput } from './resolveInput.ts';

const VIDEO_EXTENSION = '.mp4';
const MAX_STEM_LENGTH = 80;

/** What is encoded, and under which name. */
export interface Source {
  /** What it is, for the log. */
  title: string;
  /** ffmpeg arguments that open it. */
  input: string[];
  /** Number of the ffmpeg input that carries the sound. */
  audioInput: number;
  /** Length in seconds, where the file tells it. */
  durationSeconds?: number;
  /** File name of the result. */
  videoName: string;
}

/** What {@link prepareSource} needs to know. */
export interface PrepareSourceOptions {
  parameters: Parameters;
  inputFolders: string[];
  /** Folder of the result. */
  folder: string;
  signal: AbortSignal;
}

/** Finds and examines the input file, or describes the test clip when there is none. */
export async function prepareSource(
  options: PrepareSourceOptions,
): Promise<Source> {
  const { parameters, inputFolders, folder, signal } = options;
  if (parameters.input === undefined) {
    const { durationSeconds } = parameters;
    return {
      title: `test clip of ${durationSeconds} s`,
      input: testClipInput(durationSeconds),
      audioInput: 1,
      durationSeconds,
      videoName: videoNameOf(parameters, 'test-clip'),
    };
  }
  const file = await resolveInput(parameters.input, inputFolders);
  const videoName = videoNameOf(parameters, path.parse(file).name);
  if (path.join(folder, videoName) === file) {
    throw new BadInputError(
      `The result '${videoName}' would replace its own input; choose another outputName`,
    );
  }
  const media = await probeMedia(file, signal);
  return {
    title: `${path.basename(file)} (${media.codec}, ${media.width}x${
      media.height
    })`,
    input: fileInput(file),
    audioInput: 0,
    durationSeconds: media.durationSeconds,
    videoName,
  };
}

function videoNameOf(parameters: Parameters, stem: string): string {
  const name =
    parameters.outputName ?? `${safeStem(stem)}-${parameters.profile}`;
  return name.toLowerCase().endsWith(VIDEO_EXTENSION)
    ? name
    : `${name}${VIDEO_EXTENSION}`;
}

function safeStem(stem: string): string {
  const safe = stem
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_STEM_LENGTH);
  return safe || 'video';
}

import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { BadInputError } from './errors.ts';
import { encode } from './encode.ts';
import { thumbnailArguments } from './ffmpegArguments.ts';
import { FFMPEG_VERSION } from './ffmpegBinary.ts';
import type { Parameters } from './parameters.ts';
import { prepareSource } from './prepareSource.ts';
import type { Source } from './prepareSource.ts';
import { probeMedia } from './probeMedia.ts';
import type { Media } from './probeMedia.ts';
import { PROFILES } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { emit, inStep, log, warn } from './protocol.ts';
import { ffmpegReason, runFfmpeg } from './runFfmpeg.ts';

const STEPS = ['prepare', 'encode', 'thumbnail', 'probe'];
const WORK_FOLDER_PREFIX = '.transcode-';
const THUMBNAIL_POSITION = 0.25; // Of the length; a first picture is often black
const DURATION_TOLERANCE_SECONDS = 1;

/** What to transcode and where the result goes. */
export interface TranscodeOptions {
  parameters: Parameters;
  /** Absolute path of the folder that gets the video and its thumbnail. */
  folder: string;
  /** Absolute paths of the folders that `input` may lie in. */
  inputFolders: string[];
  /** Stops the work; everything unfinished is removed. */
  signal: AbortSignal;
}

/**
 * Runs the pipeline: prepare, encode, thumbnail, probe.
 *
 * @remarks
 * Files are made in a hidden folder beside their destination and moved only when all of them are
 * complete, so a file under its final name is always whole.
 */
export async function transcode(options: TranscodeOptions): Promise<void> {
  STEPS.forEach(name => emit({ type: 'step', name, status: 'pending' }));
  const workFolder = await mkdtemp(
    path.join(options.folder, WORK_FOLDER_PREFIX),
  );
  try {
    await transcodeIn(workFolder, options);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function transcodeIn(
  workFolder: string,
  { parameters, folder, inputFolders, signal }: TranscodeOptions,
): Promise<void> {
  const { profile } = parameters;
  const source = await inStep('prepare', signal, () =>
    prepareSource({ parameters, inputFolders, folder, signal }),
  );
  log(`ffmpeg ${FFMPEG_VERSION}`);
  log(`${source.title} -> ${source.videoName}`);
  log(`profile ${profile}: ${PROFILES[profile].description}`);

  const video = path.join(workFolder, 'video.mp4');
  const thumbnail = path.join(workFolder, 'thumbnail.jpg');
  await inStep('encode', signal, () =>
    encode({ source, profile, output: video, signal }),
  );
  await inStep('thumbnail', signal, () =>
    makeThumbnail(video, thumbnail, signal),
  );
  const media = await inStep('probe', signal, () =>
    probeResult(video, source, signal),
  );

  const thumbnailName = `${path.parse(source.videoName).name}.jpg`;
  await publish(video, path.join(folder, source.videoName), 'video/mp4');
  await publish(thumbnail, path.join(folder, thumbnailName), 'image/jpeg');
  report(media, profile);
}

async function makeThumbnail(
  video: string,
  output: string,
  signal: AbortSignal,
): Promise<void> {
  const { durationSeconds = 0 } = await probeMedia(video, signal);
  const result = await runFfmpeg(
    thumbnailArguments({
      video,
      atSeconds: durationSeconds * THUMBNAIL_POSITION,
      output,
    }),
    { signal },
  );
  if (result.exitCode !== 0) {
    throw new Error(
      `The thumbnail could not be made: ${ffmpegReason(result.stderrLines)}`,
    );
  }
}

/** Media whose length is known and not zero. */
type Result = Media & { durationSeconds: number };

async function probeResult(
  video: string,
  source: Source,
  signal: AbortSignal,
): Promise<Result> {
  const media = await probeMedia(video, signal);
  const { durationSeconds } = media;
  if (!durationSeconds) {
    throw new BadInputError('The input holds no picture that can be encoded');
  }
  const expected = source.durationSeconds ?? 0;
  if (durationSeconds < expected - DURATION_TOLERANCE_SECONDS) {
    warn(
      `the result is ${durationSeconds} s long but the input says ${expected} s; part of the input may be damaged`,
    );
  }
  return { ...media, durationSeconds };
}

async function publish(
  file: string,
  destination: string,
  mediaType: string,
): Promise<void> {
  await rename(file, destination);
  const name = path.basename(destination);
  emit({ type: 'artifact', path: name, name, mediaType });
}

function report(media: Result, profile: ProfileName): void {
  const { codec, audioCodec, width, height, framesPerSecond } = media;
  const duration = media.durationSeconds;
  const resolution = `${width}x${height}`;
  const bitrate = Math.round((media.sizeBytes * 8) / duration);
  emit({
    type: 'output',
    name: 'media',
    json: {
      profile,
      codec,
      audioCodec,
      resolution,
      framesPerSecond,
      duration,
      bitrate,
      size: media.sizeBytes,
    },
  });
  emit({ type: 'progress', progress: 1, message: 'Done' });
  emit({
    type: 'summary',
    text: `${duration.toFixed(1)} s of ${resolution} ${codec} at ${(
      bitrate / 1e6
    ).toFixed(2)} Mbit/s (${profile})`,
  });
}

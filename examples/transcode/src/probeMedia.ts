import { stat } from 'node:fs/promises';
import { BadInputError } from './errors.ts';
import { fileInput } from './ffmpegArguments.ts';
import { ffmpegReason, runFfmpeg } from './runFfmpeg.ts';
import { parseTimestamp } from './parseTimestamp.ts';

/** What ffmpeg says about a media file. */
export interface Media {
  /** Video codec, such as `h264`. */
  codec: string;
  /** Absent when there is no sound. */
  audioCodec?: string;
  /** Width and height in pixels. */
  width: number;
  height: number;
  /** Frames per second, where known. */
  framesPerSecond?: number;
  /** Length in seconds, where the file tells it. */
  durationSeconds?: number;
  sizeBytes: number;
}

/**
 * Reads the streams of a media file with ffmpeg.
 *
 * @throws BadInputError when the file is not a video in a known container.
 */
export async function probeMedia(
  file: string,
  signal: AbortSignal,
): Promise<Media> {
  const { size } = await stat(file);
  // Without an output ffmpeg only describes its input, and always ends with 1
  const { stderrLines } = await runFfmpeg(fileInput(file), { signal });
  if (!stderrLines.some(line => line.startsWith('[info] Input #0'))) {
    throw new BadInputError(
      `'${file}' is not a video file (ffmpeg: ${ffmpegReason(stderrLines)})`,
    );
  }
  const media = parseMedia(stderrLines);
  if (!media) {
    throw new BadInputError(`'${file}' holds no video stream`);
  }
  return { ...media, sizeBytes: size };
}

/** Parses ffmpeg's description of an input; undefined when it has no moving picture. */
export function parseMedia(
  lines: string[],
): Omit<Media, 'sizeBytes'> | undefined {
  const streams = lines
    .map(line =>
      /^\[info\] {5}Stream #0:\d+\S*: (Video|Audio): (.+)$/.exec(line),
    )
    .filter(match => match !== null)
    .map(([, kind, text]) => ({ kind, text }));
  const video = streams.find(
    ({ kind, text }) => kind === 'Video' && !text.includes('(attached pic)'),
  )?.text;
  const size = video && /, (\d+)x(\d+)/.exec(video);
  if (!video || !size) {
    return undefined;
  }
  const audio = streams.find(({ kind }) => kind === 'Audio')?.text;
  const rate = /, ([\d.]+) fps/.exec(video)?.[1];
  const duration = lines
    .map(line => /^\[info\] {3}Duration: ([^,]+),/.exec(line)?.[1])
    .find(Boolean);
  return {
    codec: codecOf(video),
    audioCodec: audio && codecOf(audio),
    width: Number(size[1]),
    height: Number(size[2]),
    framesPerSecond: rate ? Number(rate) : undefined,
    durationSeconds: duration ? parseTimestamp(duration) : undefined,
  };
}

function codecOf(stream: string): string {
  return stream.split(/[ ,]/, 1)[0];
}

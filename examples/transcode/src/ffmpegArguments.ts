import { PROFILES } from './profiles.ts';
import type { Profile, ProfileName } from './profiles.ts';

// Playlist, list and device formats are left out: they would make ffmpeg open other files and hosts
const ALLOWED_FORMATS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf';
const ALLOWED_PROTOCOLS = 'file,pipe';
const CLIP_SIZE = '1280x720';
const CLIP_FRAMES_PER_SECOND = 30;
const THUMBNAIL_WIDTH = 640;

/**
 * Arguments that open `file`, an absolute path, and nothing else.
 *
 * @remarks
 * `file:` in front of a path keeps ffmpeg from reading it as an option, as another protocol
 * (`concat:`, `http:`) or as a device.
 */
export function fileInput(file: string): string[] {
  return [
    ...['-protocol_whitelist', ALLOWED_PROTOCOLS],
    ...['-format_whitelist', ALLOWED_FORMATS],
    ...['-i', `file:${file}`],
  ];
}

/** Arguments that generate a moving test picture with a beeping tone. */
export function testClipInput(durationSeconds: number): string[] {
  const picture = `testsrc2=size=${CLIP_SIZE}:rate=${CLIP_FRAMES_PER_SECOND}:duration=${durationSeconds}`;
  const tone = `sine=frequency=440:beep_factor=4:sample_rate=48000:duration=${durationSeconds}`;
  return ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', tone];
}

/** What to encode, where from and where to. */
export interface EncodeArgumentsOptions {
  /** What {@link fileInput} or {@link testClipInput} made. */
  input: string[];
  /** Number of the input that carries the sound. */
  audioInput: number;
  profile: ProfileName;
  /** Absolute path of the file to write. */
  output: string;
}

/** Arguments of the encoding itself, with progress on stdout. */
export function encodeArguments(options: EncodeArgumentsOptions): string[] {
  const profile: Profile = PROFILES[options.profile];
  return [
    ...['-nostats', '-progress', 'pipe:1'],
    ...options.input,
    ...['-map', '0:V:0', '-map', `${options.audioInput}:a:0?`],
    ...['-vf', videoFilter(profile)],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...profile.video],
    ...['-c:a', 'aac', ...profile.audio],
    // The index in front lets a browser play before it has the whole file
    ...['-movflags', '+faststart', '-f', 'mp4', `file:${options.output}`],
  ];
}

/** Arguments that save one picture of `video` as JPEG. */
export function thumbnailArguments(options: {
  video: string;
  atSeconds: number;
  output: string;
}): string[] {
  return [
    ...['-ss', options.atSeconds.toFixed(3)],
    ...fileInput(options.video),
    ...['-map', '0:V:0', '-frames:v', '1'],
    ...['-vf', `scale='min(${THUMBNAIL_WIDTH},iw)':-2`],
    ...['-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg', `file:${options.output}`],
  ];
}

function videoFilter(profile: Profile): string {
  const { maxWidth, maxHeight, framesPerSecond } = profile;
  return [
    `scale='min(${maxWidth},iw)':'min(${maxHeight},ih)':force_original_aspect_ratio=decrease`,
    // H.264 with 4:2:0 colours needs even sides
    "scale='max(2,trunc(iw/2)*2)':'max(2,trunc(ih/2)*2)'",
    'setsar=1',
    ...(framesPerSecond ? [`fps=${framesPerSecond}`] : []),
  ].join(',');
}

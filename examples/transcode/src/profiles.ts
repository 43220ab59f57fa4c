/** How a profile encodes: a box the picture must fit in, the frame rate, and the settings of both codecs. */
export interface Profile {
  /** What the profile is for, in a few words. */
  readonly description: string;
  /** Largest width and height in pixels; a smaller picture is never scaled up. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Frames per second; absent keeps those of the source. */
  readonly framesPerSecond?: number;
  /** ffmpeg options of the H.264 encoder. */
  readonly video: readonly string[];
  /** ffmpeg options of the AAC encoder. */
  readonly audio: readonly string[];
}

const SEGMENT_SECONDS = 2;

/** The encodings to choose from. All are H.264 and AAC in MP4, which every browser plays. */
export const PROFILES = {
  /** Constant bitrate, a key frame every two seconds and no look-ahead, so that it can be cut into live segments. */
  live_stream: {
    description: '720p, 30 fps, constant 3 Mbit/s, low latency',
    maxWidth: 1280,
    maxHeight: 720,
    framesPerSecond: 30,
    video: [
      ...['-preset', 'veryfast', '-tune', 'zerolatency'],
      ...['-b:v', '3000k', '-minrate', '3000k', '-maxrate', '3000k'],
      ...[
        '-bufsize',
        '6000k',
        '-x264-params',
        'nal-hrd=cbr',
        '-sc_threshold',
        '0',
      ],
      ...['-force_key_frames', `expr:gte(t,n_forced*${SEGMENT_SECONDS})`],
    ],
    audio: ['-b:a', '128k', '-ac', '2', '-ar', '48000'],
  },
  /** Constant quality close to the source, at the source's frame rate; the slowest and largest. */
  archive: {
    description: 'up to 1080p, source frame rate, high constant quality',
    maxWidth: 1920,
    maxHeight: 1080,
    video: ['-preset', 'medium', '-crf', '18'],
    audio: ['-b:a', '192k', '-ar', '48000'],
  },
  /** Small and quick, for looking at before anything else is decided. */
  preview: {
    description: '360p, 15 fps, small file',
    maxWidth: 640,
    maxHeight: 360,
    framesPerSecond: 15,
    video: ['-preset', 'veryfast', '-crf', '30'],
    audio: ['-b:a', '64k', '-ac', '1', '-ar', '48000'],
  },
} as const satisfies Record<string, Profile>;

/** The name of a profile. */
export type ProfileName = keyof typeof PROFILES;

/** All profile names, in the order in which they are offered. */
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

import { parseTimestamp } from './parseTimestamp.ts';

/** One report of a running encode. A value that ffmpeg does not know yet is absent. */
export interface EncodeProgress {
  /** Seconds of the output that are written. */
  encodedSeconds?: number;
  /** Frames encoded per second of wall time. */
  framesPerSecond?: number;
  /** Bits per second of the output so far. */
  bitrate?: number;
  /** Seconds of output per second of wall time. */
  speed?: number;
}

/**
 * Makes a reader for the lines of `ffmpeg -progress`, which come in blocks of `key=value` that end
 * with the key `progress`; calls `onProgress` once per block.
 */
export function readProgress(
  onProgress: (progress: EncodeProgress) => void,
): (line: string) => void {
  let block = new Map<string, string>();
  return line => {
    const separator = line.indexOf('=');
    const key = line.slice(0, separator);
    block.set(key, line.slice(separator + 1).trim());
    if (key === 'progress') {
      onProgress(presentBlock(block));
      block = new Map();
    }
  };
}

function presentBlock(block: Map<string, string>): EncodeProgress {
  const kilobits = toNumber(block.get('bitrate'), 'kbits/s');
  return {
    encodedSeconds: parseTimestamp(block.get('out_time') ?? ''),
    framesPerSecond: toNumber(block.get('fps'), ''),
    bitrate: kilobits === undefined ? undefined : Math.round(kilobits * 1000),
    speed: toNumber(block.get('speed'), 'x'),
  };
}

function toNumber(text: string | undefined, unit: string): number | undefined {
  const value = text?.endsWith(unit)
    ? text.slice(0, text.length - unit.length).trim()
    : '';
  return value !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
}

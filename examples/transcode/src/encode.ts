import { encodeArguments } from './ffmpegArguments.ts';
import type { Source } from './prepareSource.ts';
import type { ProfileName } from './profiles.ts';
import { emit, log } from './protocol.ts';
import { readProgress } from './readProgress.ts';
import type { EncodeProgress } from './readProgress.ts';
import { ffmpegReason, runFfmpeg } from './runFfmpeg.ts';

const ENCODE_SHARE = 0.95; // Of the whole progress; the rest is the thumbnail and the probe

/** What to encode and where to. */
export interface EncodeOptions {
  source: Source;
  profile: ProfileName;
  /** Absolute path of the file to write. */
  output: string;
  signal: AbortSignal;
}

/** Encodes `source` and reports progress, speed, bitrate and frames per second as it goes. */
export async function encode(options: EncodeOptions): Promise<void> {
  const { source, profile, output, signal } = options;
  const result = await runFfmpeg(
    encodeArguments({
      input: source.input,
      audioInput: source.audioInput,
      profile,
      output,
    }),
    {
      signal,
      onStdoutLine: readProgress(progress =>
        reportProgress(progress, source.durationSeconds),
      ),
      onStderrLine: line => process.stderr.write(`${line}\n`),
    },
  );
  if (result.exitCode !== 0) {
    throw new Error(`Encoding failed: ${ffmpegReason(result.stderrLines)}`);
  }
}

function reportProgress(progress: EncodeProgress, totalSeconds?: number): void {
  const { encodedSeconds, speed, bitrate, framesPerSecond } = progress;
  const metrics = { speed, bitrate, fps: framesPerSecond };
  for (const [name, value] of Object.entries(metrics)) {
    if (value !== undefined) {
      emit({ type: 'metric', name, value });
    }
  }
  if (encodedSeconds === undefined) {
    return;
  }
  const message = describe(progress, encodedSeconds, totalSeconds);
  log(message);
  if (totalSeconds) {
    const share = Math.min(1, Math.max(0, encodedSeconds / totalSeconds));
    const rounded = Number((share * ENCODE_SHARE).toFixed(4));
    emit({ type: 'progress', progress: rounded, message });
  }
}

function describe(
  { speed, bitrate }: EncodeProgress,
  encodedSeconds: number,
  totalSeconds?: number,
): string {
  const total = totalSeconds ? ` of ${totalSeconds.toFixed(1)}` : '';
  const at = speed === undefined ? '' : ` at ${speed}x`;
  const rate =
    bitrate === undefined ? '' : `, ${(bitrate / 1e6).toFixed(2)} Mbit/s`;
  return `encoded ${encodedSeconds.toFixed(1)}${total} s${at}${rate}`;
}

import { runFfmpeg } from '../runFfmpeg.ts';

/** Writes a short real clip with ffmpeg; the container follows from the name. */
export async function makeClip(
  file: string,
  options: { size: string; seconds: number; picture?: boolean; tone?: boolean },
): Promise<void> {
  const { size, seconds, picture = true, tone = true } = options;
  const inputs = [
    ...(picture ? [`testsrc2=size=${size}:rate=25:duration=${seconds}`] : []),
    ...(tone ? [`sine=duration=${seconds}`] : []),
  ];
  const { exitCode, stderrLines } = await runFfmpeg(
    [
      ...inputs.flatMap(input => ['-f', 'lavfi', '-i', input]),
      ...['-c:v', 'mpeg4', '-c:a', 'aac', `file:${file}`],
    ],
    { signal: new AbortController().signal },
  );
  if (exitCode !== 0) {
    throw new Error(stderrLines.join('\n'));
  }
}

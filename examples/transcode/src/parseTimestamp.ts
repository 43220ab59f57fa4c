/** Seconds of an ffmpeg timestamp such as `00:01:02.500000`; undefined for `N/A`. */
export function parseTimestamp(text: string): number | undefined {
  const match = /^(-?)(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text.trim());
  if (!match) {
    return undefined;
  }
  const [, sign, hours, minutes, seconds] = match;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign ? -total : total;
}
